"""Warmup's markup on Slack: what is markup shows as such, and what is not stays dead text."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adapters.slack.markdown import APART, JOINER, entities, escape, render, strong
from bot import markup
from questions.model import Question
from tests.support.slack.reader import read
from tests.support.views import each

DEAD = {"p", "text"}
SIGNS = "*_~`＊＿｀～＞<>&@#:/|•-+.'1a é\u4e2d"
TRICKS = [
    "*bold* _it_ ~gone~ `code` ```fence``` *_~all~_*",
    "**bold** __under__ ~~gone~~ ``co`de`` ** a* *** _ _",
    "＊bold＊ ＿it＿ ～gone～ ｀code｀ ＞ quote",
    "<!channel> <!here> <!everyone> <@U123> <#C1|general> <!subteam^S1> @channel @here @Everyone",
    "<https://evil.example|click> https://evil.example http://evil.example <mailto:a@b.c|x> [x](https://evil.example)",
    "<!date^0^{date}|x> &lt; &amp;lt; &#42; &",
    ":smile: :+1: :white_check_mark: 10:30:45 ::a: :中文:",
    "> quote", "&gt; quote", "- item", "• item", "1. item", "12) item", "*", "_", "~", "`", "a*b*c a_b_c a*", "(*x*)",
    "x_{i} = \\frac{1}{2}", "é*b*", "x_i *y_ z*", "\\*a\\*", "||spoiler||", "# title",
]  # fmt: skip


@pytest.mark.parametrize("typed", TRICKS)
def test_what_a_person_typed_stays_dead_text(typed: str) -> None:
    reading = read(render(markup.escape(typed)))
    assert reading.text == markup.visible(typed)
    assert reading.marks <= DEAD


@given(st.text(alphabet=SIGNS, min_size=1, max_size=40) | st.text(max_size=40))
def test_nothing_that_can_be_typed_comes_alive(typed: str) -> None:
    shown = markup.visible(typed)
    for written in (render(markup.escape(typed)), escape(shown)):
        reading = read(written)
        assert reading.text == shown
        assert reading.marks <= DEAD


@given(st.lists(st.text(alphabet=SIGNS, min_size=1, max_size=12).map(markup.visible), min_size=2, max_size=4))
def test_no_line_of_a_literal_text_comes_alive(lines: list[str]) -> None:
    text = "\n".join(lines).strip()
    reading = read(escape(text))
    assert reading.text == text
    assert reading.marks <= {*DEAD, "br"}


@given(
    st.text(alphabet=SIGNS, min_size=1, max_size=30), st.sampled_from(["**{}**", "*{}*", "x**{}**y", "**a *{}* b**"])
)
def test_what_a_person_typed_cannot_end_the_span_that_it_stands_in(typed: str, around: str) -> None:
    shown = markup.visible(typed)
    written = around.format(markup.escape(typed))
    assume(shown)
    assume("*" not in markup.plain(written).replace(shown, ""))  # else it is no span to our own parser either
    reading = read(render(written))
    assert reading.text.translate(_LIKE) == markup.plain(written).translate(_LIKE)
    assert reading.marks <= {*DEAD, "strong", "em"}


_LIKE = str.maketrans("∗ˍ∼ˋ＊＿～｀", "*_~`*_~`")


@pytest.mark.parametrize(
    ("written", "text", "marks"),
    [
        ("**bold**", "bold", {"strong"}),
        ("*it*", "it", {"em"}),
        ("**b *and* i**", "b and i", {"strong", "em"}),
        ("***both***", "both", {"strong", "em"}),
        ("****twice****", "twice", {"strong"}),
        ("**one\ntwo**", "one\ntwo", {"strong", "br"}),
        ("super**cali**fragilistic", "supercalifragilistic", {"strong"}),
        ("中**文**字, **文**字", "中文字, 文字", {"strong"}),
        ("`x * y_z` & `a<b`", "x * y_z & a<b", {"code"}),
        ("the `layer`s", "the layers", {"code"}),
        ("``a ` b``", "a ` b", set()),
        ("one\ntwo", "one\ntwo", {"br"}),
        ("- a\n- b", "a\nb", {"list"}),
        ("1. a\n2. b", "a\nb", {"list"}),
        ("> said", "said", {"quote"}),
        ("> said\n> more", "said\nmore", {"quote", "br"}),
        ("> > twice", "twice", {"quote"}),
        ("```python\nx = `1` < 2 & *3*\n```", "x = `1` < 2 & *3*", {"code"}),
        ("[a *b* [c]](https://example.org/a_(b)?c=1&d=2)", "a b [c]", {"link"}),
        ("[snake_case, \\*x\\*](https://example.org)", "snake_case, ∗x∗", {"link"}),
        ("[](https://example.org)", "https://example.org", {"link"}),
        ("[x](time:1767225600)", "2026-01-01 00:00 UTC", {"time"}),
        ("x **b**: y", "x b: y", {"strong"}),
        ("snake_case and a_b, 2 * 3 * 4", "snake_case and a_b, 2 * 3 * 4", set()),
        ("`a` - b", "a - b", {"code"}),
        ("**1.** a", "1. a", {"strong"}),
        ("**:\\`: :＿:**", ":ˋ: :ˍ:", {"strong"}),
        ("**a \\* b**, \\*c", "a * b, *c", {"strong"}),
    ],
)
def test_markup_shows_as_such(written: str, text: str, marks: set[str]) -> None:
    reading = read(render(written), verbatim=True)
    assert reading.text == text
    assert reading.marks - DEAD == marks


@pytest.mark.parametrize(
    ("written", "rendered"),
    [
        ("**a** and *b*", "*a* and _b_"),
        ("x**y**z", f"x{APART}*y*{APART}z"),
        ("**a***b*", f"*a*{APART}_b_"),
        ("(**a**), `b`.", "(*a*), `b`."),
        ("**a\nb**", "*a*\n*b*"),
        ("- a\n- b", "• a\n• b"),
        ("[then](time:5)", "<!date^5^{date_short_pretty} {time}|then>"),
        ("[a|b](https://e.org/?x=1&y=|)", "<https://e.org/?x=1&amp;y=%7C|a|b>"),
        ("\\*x\\*", "<!date^0^{_}|*>x*"),
        ("\\> a < b & c", f"{JOINER}&gt; a &lt; b &amp; c"),
        ("```text\na\n```", "```\na\n```"),
    ],
)
def test_it_is_written_so(written: str, rendered: str) -> None:
    assert render(written) == rendered


@each()
def test_the_banks_own_words_read_the_same_on_slack(question: Question) -> None:
    for written in (question.stem, question.explanation, question.hint):
        reading = read(render(written), verbatim=True)
        shown = "".join(reading.text.split()).translate(_LIKE)
        assert shown == "".join(markup.plain(written).replace("\n- ", "\n").split()).translate(_LIKE)
        assert reading.marks <= {*DEAD, "strong", "em", "code", "list", "quote", "br", "link"}


def test_a_fence_in_a_listing_does_not_end_it() -> None:
    reading = read(render(markup.fenced("a\n```\nb", "text")))
    assert reading.text == "a\n```\nb"
    assert reading.marks - DEAD == {"code"}


@pytest.mark.parametrize("formula", ["a[i][j] = f(x)", "h_t = W_h h_prev", "x | y", "a ~ b", "p(y | x)", "2 * n * d"])
def test_formulas_cost_nothing(formula: str) -> None:
    assert escape(formula) == formula


def test_a_command_is_shown_with_the_prefix_that_the_workspace_has() -> None:
    written = "Type `/practice` or `/practice cnn`, not `/other`, `practice` or /practice."
    assert render(written, prefix="dl-", commands=frozenset({"practice"})) == (
        "Type `/dl-practice` or `/dl-practice cnn`, not `/other`, `practice` or /practice."
    )
    assert render(written) == written


def test_a_name_in_bold_is_one_line_and_literal() -> None:
    assert strong("a\nb <*c*>") == "*a b &lt;∗c∗&gt;*"


def test_entities_alone_leave_formatting() -> None:
    assert entities("<!here> & *x*") == "&lt;!here&gt; &amp; *x*"


def test_a_channel_is_shown_by_its_name_where_slack_can_know_it() -> None:
    assert render(markup.place("C0123ABC")) == "<#C0123ABC>"
    assert render(markup.place("study")) == "study"
