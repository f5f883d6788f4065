"""Every construct that Warmup writes; and that what a person typed is text and nothing but text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.markup import (
    Block,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Hyperlink,
    Inline,
    Listing,
    Moment,
    Paragraph,
    Place,
    Quote,
    Strong,
    Text,
    escape,
    fenced,
    moment,
    parse,
    place,
    plain,
    visible,
)

BARE = Text("a")
TYPED = st.text() | st.text("*_`[]()<>@#!&:/\\ \t\n-+.1~|\u200b\u202e\u200da", max_size=40)
LISTINGS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")) | st.text("`~ \na", max_size=30)

BLOCKS: list[tuple[str, tuple[Block, ...]]] = [
    ("", ()),
    ("a", (Paragraph((BARE,)),)),
    ("a\n\nb", (Paragraph((BARE,)), Paragraph((Text("b"),)))),
    ("```python\na  *b*\n```", (CodeBlock("python", "a  *b*"),)),
    ("```\na\n\n\nb\n```", (CodeBlock("", "a\n\n\nb"),)),
    ("```python title\na\n```", (CodeBlock("python", "a"),)),
    ("```\nnever closed", (CodeBlock("", "never closed"),)),
    ("- a\n- *a*", (Listing(ordered=False, items=((BARE,), (Emphasis((BARE,)),))),)),
    ("1. a\n2. a", (Listing(ordered=True, items=((BARE,), (BARE,))),)),
    ("- a\n  - b", (Listing(ordered=False, items=((BARE, Break(), Text("b")),)),)),
    ("- a\n\n  ```\n  b\n  ```", (Listing(ordered=False, items=((BARE, Break(), Code("b")),)),)),
    ("> a\n> a", (Quote((BARE, Break(), BARE)),)),
    ("> a\n>\n> - b", (Quote((BARE, Break(), Text("b"))),)),
    ("a\n> a\n- a\n```\na\n```", (
        Paragraph((BARE,)),
        Quote((BARE,)),
        Listing(ordered=False, items=((BARE,),)),
        CodeBlock("", "a"),
    )),
]  # fmt: skip
INLINES: list[tuple[str, tuple[Inline, ...]]] = [
    ("a\na", (BARE, Break(), BARE)),
    ("a  \na", (BARE, Break(), BARE)),
    ("**a**", (Strong((BARE,)),)),
    ("*a*", (Emphasis((BARE,)),)),
    ("**a *a***", (Strong((Text("a "), Emphasis((BARE,)))),)),
    ("`*a*`", (Code("*a*"),)),
    ("`` ` ``", (Code("`"),)),
    ("[a](https://example.org/x?y=1)", (Hyperlink("https://example.org/x?y=1", (BARE,)),)),
    ("[**a**](https://example.org)", (Hyperlink("https://example.org", (Strong((BARE,)),)),)),
    ("[then](time:1732300000)", (Moment(1732300000, "then"),)),
    ("[**then**](time:-5)", (Moment(-5, "then"),)),
    ("[C42](channel:C42)", (Place("C42", "C42"),)),
    (place("study_2"), (Place("study_2", "study_2"),)),
    (place("a b"), (Text("a b"),)),
    (r"\*a\* \[a\]", (Text("*a* [a]"),)),
]
LITERAL = [
    "@everyone @here <@123> <@!123> <@&123> <#123> <!channel> <!here> <!subteam^S1> <t:1> :smile: <:a:1>",
    "[a](javascript:alert(1))",
    "[a](http://example.org)",
    "[a](data:text/html,x)",
    "[a](time:soon)",
    "[a](time:1.5)",
    "[a](/path)",
    "![a](javascript:x)",
    "https://example.org",
    "<https://example.org>",
    "<b>a</b> &amp; &#60;",
    "# a",
    "---",
    "a | b",
    "~~a~~",
    "||a||",
    "snake_case_name",
    "2 * 3 * 4",
    "[a]: https://example.org",
]


@pytest.mark.parametrize(("markup", "tree"), BLOCKS)
def test_blocks(markup: str, tree: tuple[Block, ...]) -> None:
    assert parse(markup) == tree


@pytest.mark.parametrize(("markup", "children"), INLINES)
def test_runs_of_text(markup: str, children: tuple[Inline, ...]) -> None:
    assert parse(markup) == (Paragraph(children),)


@pytest.mark.parametrize("markup", LITERAL)
def test_everything_else_is_literal_text(markup: str) -> None:
    assert parse(markup) == (Paragraph((Text(markup),)),)


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("**a** *b* `c` [d](https://e.org)", "a b c d"),
        ("a\nb\n\nc", "a\nb\nc"),
        ("- a\n- b", "- a\n- b"),
        ("> a", "a"),
        ("```python\nx = 1\n```", "x = 1"),
        ("[then](time:5)", "then"),
    ],
)
def test_plain_text_has_no_markup(markup: str, shown: str) -> None:
    assert plain(markup) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  a \t b\r\n c\u2028d\x0be ", "a b c d e"),
        ("a\u202eb\u200bc\x00d\ufeffe", "abcde"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("\ud800a", "a"),
        ("\u200b a", "a"),
        ("a \u200b b", "a b"),
        ("a \u202e", "a"),
        ("\u200b", ""),
    ],
)
def test_typed_text_is_shown_on_one_line_without_what_cannot_be_seen(typed: str, shown: str) -> None:
    assert visible(typed) == shown


@given(markup=TYPED)
@settings(deadline=None)
def test_no_text_breaks_the_parser(markup: str) -> None:
    parse(markup)


@pytest.mark.parametrize(
    "markup",
    ["[a](time:" + "9" * 5000 + ")", "*a " * 600 + "b" + " c*" * 600, ">" * 1000 + "a", "[" * 1900 + "]" * 1900],
    ids=["endless moment", "deep emphasis", "deep quotes", "many brackets"],
)
def test_what_is_much_too_deep_or_long_does_not_break_the_parser(markup: str) -> None:
    parse(markup)


@given(typed=TYPED)
@example(typed="\u200b a")
@example(typed="a \u200b")
@example(typed="1. a")
@example(typed="\\")
@settings(deadline=None)
def test_what_a_person_typed_is_shown_as_it_is(typed: str) -> None:
    assert plain(escape(typed)) == visible(typed)


@given(typed=TYPED)
@settings(deadline=None)
def test_what_a_person_typed_is_one_run_of_text(typed: str) -> None:
    shown = visible(typed).strip()
    assert parse(escape(typed)) == ((Paragraph((Text(shown),)),) if shown else ())


@given(typed=TYPED)
@settings(deadline=None)
def test_what_a_person_typed_stays_inside_the_markup_around_it(typed: str) -> None:
    assert parse(f"**x{escape(typed)}x**\n`a`") == (
        Paragraph((Strong((Text(f"x{visible(typed)}x"),)), Break(), Code("a"))),
    )


@given(code=LISTINGS)
@example(code="```\n[a](https://example.org)\n````")
@example(code="~~~")
@settings(deadline=None)
def test_a_listing_is_shown_as_it_is(code: str) -> None:
    assert parse(fenced(code, "python")) == (CodeBlock("python", code.rstrip()),)


def test_a_listing_without_a_language() -> None:
    assert parse(fenced("x = 1")) == (CodeBlock("", "x = 1"),)


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 11, 23, 12, 0, 59, tzinfo=UTC), "[2026-11-23 12:00 UTC](time:1795435259)"),
        (
            datetime(2026, 11, 23, 14, 0, tzinfo=timezone(timedelta(hours=2), "EET")),
            "[2026-11-23 14:00 EET](time:1795435200)",
        ),
    ],
)
def test_a_moment_carries_its_instant_and_a_text(at: datetime, written: str) -> None:
    assert moment(at) == written
    assert parse(written) == (Paragraph((Moment(int(at.timestamp()), f"{at:%Y-%m-%d %H:%M %Z}"),)),)
