"""Warmup's markup on Discord: what is markup shows as such, and what is not stays dead text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.markdown import escape, render
from bot import markup
from questions.model import Question
from tests.support.discord.reader import read
from tests.support.views import each

DEAD = {"p", "text"}
SIGNS = "*_~|`\\<>@#:/[]()!-+.=&^$1a \u00e9"
TRICKS = [
    "**bold** _it_ __under__ ~~gone~~ ||spoiler|| `code` ``co`de``",
    "[link](https://evil.example) [a](<https://evil.example>) https://evil.example <https://evil.example>",
    "@everyone @here <@1> <@!1> <@&1> <#1> </practice:1> <:x:1> <a:x:1> <t:1:R> <id:home> :smile: :+1:",
    "# heading", "## heading", "### heading", "-# small", "> quote", ">>> quote", "- item", "* item", "1. item",
    "12. item", "\\", "\\*", "***", "___", "a_b_c snake_case_ _x_y", "x_{i} = \\frac{1}{2}", "```\ncode\n```",
    "`", "``", "a`b", "[x]", "[x] (y)", "[[a]](b)", "::", "10:30:45", "a < b > c", "<", "e^{-x^2}", "~", "|x|",
]  # fmt: skip


@pytest.mark.parametrize("typed", TRICKS)
def test_what_a_person_typed_stays_dead_text(typed: str) -> None:
    reading = read(render(markup.escape(typed)))
    assert reading.text == markup.visible(typed)
    assert reading.marks <= DEAD


@given(st.text(alphabet=SIGNS, min_size=1, max_size=40))
def test_nothing_that_can_be_typed_comes_alive(typed: str) -> None:
    reading = read(render(markup.escape(typed)))
    assert reading.marks <= DEAD
    assert reading.text == markup.visible(typed)


@given(st.text(alphabet=SIGNS, min_size=1, max_size=40))
def test_a_title_is_literal_too(title: str) -> None:
    reading = read(f"### {escape(markup.visible(title))}")
    assert reading.marks <= {"p", "text", "heading"}


@pytest.mark.parametrize(
    ("written", "text", "marks"),
    [
        ("**bold**", "bold", {"strong"}),
        ("*it*", "it", {"em"}),
        ("**b *and* i**", "b and i", {"strong", "em"}),
        ("`x * y_z`", "x * y_z", {"code"}),
        ("``a ` b``", "a ` b", {"code"}),
        ("one\ntwo", "one\ntwo", {"br"}),
        ("- a\n- b", "a\nb", {"list"}),
        ("1. a\n2. b", "a\nb", {"list"}),
        ("> said", "said", {"quote"}),
        ("> said\n> more", "said\nmore", {"quote", "br"}),
        ("```python\nx = `1`\n```", "x = `1`", {"code"}),
        ("[a *b* [c]](https://example.org/a_(b)?c=1)", "a b (c)", {"link"}),
        ("[x](time:1767225600)", "2026-01-01 00:00 UTC", {"time"}),
        ("x **b**: y", "x b: y", {"strong"}),
        ("snake_case and a_b", "snake_case and a_b", set()),
        ("`a` - b", "a - b", {"code"}),
        ("**1.** a", "1. a", {"strong"}),
    ],
)
def test_markup_shows_as_such(written: str, text: str, marks: set[str]) -> None:
    reading = read(render(written))
    assert reading.text == text
    assert reading.marks - DEAD == marks


@each()
def test_the_banks_own_words_read_the_same_on_discord(question: Question) -> None:
    for written in (question.stem, question.explanation, question.hint):
        assert "".join(read(render(written)).text.split()) == "".join(
            markup.plain(written).replace("\n- ", "\n").split()
        )


def test_a_fence_in_a_listing_does_not_end_it() -> None:
    reading = read(render(markup.fenced("a\n```\nb", "text")))
    assert reading.marks - DEAD == {"code"}
    assert reading.text.replace("\u200b", "") == "a\n```\nb"


def test_a_language_that_discord_would_show_as_text_is_left_out() -> None:
    assert render("```c++ and more\nx\n```").startswith("```c++\n")
    assert render("```{weird}\nx\n```").startswith("```\n")


def test_brackets_and_underscores_of_formulas_cost_no_escapes() -> None:
    for formula in ("a[i][j] = f(x)", "h_t = W_h h_prev", "x | y", "a ~ b", "p(y | x)"):
        assert escape(formula) == formula


def test_a_command_that_discord_knows_can_be_clicked() -> None:
    commands = {"practice": 123}
    assert render("Type `/practice` or `/practice cnn`, not `/other` or `practice`.", commands) == (
        "Type </practice:123> or </practice:123> `cnn`, not `/other` or `practice`."
    )
    assert "</" not in render(markup.escape("`/practice` </practice:123>"), commands).replace(r"\<", "")


def test_a_channel_is_shown_by_its_name_where_discord_can_know_it() -> None:
    assert render(markup.place("1234")) == "<#1234>"
    assert render(markup.place("study")) == "study"
