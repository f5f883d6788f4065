"""Discord's Markdown as its client shows it: what is seen, and what made it so."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.discord.reader import Reading, read


def _reading(text: str, *marks: str) -> Reading:
    return Reading(text, frozenset({"p", *marks}))


CASES: list[tuple[str, Reading]] = [
    ("plain words", _reading("plain words", "text")),
    ("", _reading("")),
    ("**bold**", _reading("bold", "text", "strong")),
    ("*it* and _it_", _reading("it and it", "text", "em")),
    ("***both***", _reading("both", "text", "em", "strong")),
    ("**a *b* c**", _reading("a b c", "text", "em", "strong")),
    ("__under__", _reading("under", "text", "underline")),
    ("___both___", _reading("both", "text", "em", "underline")),
    ("~~gone~~", _reading("gone", "text", "strike")),
    ("||spoiler||", _reading("spoiler", "text", "spoiler")),
    ("snake_case_name", _reading("snake_case_name", "text")),
    ("snake_case_", _reading("snakecase", "text", "em")),
    ("2 * 3 * 4", _reading("2 * 3 * 4", "text")),
    ("* a*b", _reading("a*b", "text", "list")),
    ("**open", _reading("**open", "text")),
    (r"**a \** b**", _reading("a ** b", "text", "strong")),
    ("**a\n\nb**", _reading("a\n\nb", "text", "strong")),
    ("`**a** \\`", _reading("**a** \\", "code")),
    ("``a`b``", _reading("a`b", "code")),
    ("`` `a` ``", _reading("`a`", "code")),
    ("` a `", _reading("a", "code")),
    ("``` `", _reading("``", "code")),
    ("**a `**` b**", _reading("a `` b**", "text", "strong")),
    ("```py\nx = 1\n```", _reading("x = 1", "code")),
    ("```\n\n**x**\n\n```", _reading("**x**", "code")),
    ("```x = 1```", _reading("x = 1", "code")),
    ("```py```", _reading("py", "code")),
    ("a\n```\nb\n```\nc", _reading("a\nb\nc", "text", "code")),
    ("````\na\n````", _reading("`\na`", "text", "code")),
    ("[text](https://a.b/c_(d))", _reading("text", "text", "link")),
    ("[text](<https://a.b>)", _reading("text", "text", "link")),
    ('[text](https://a.b "title")', _reading("text", "text", "link")),
    ("[**a**](https://a.b)", _reading("a", "text", "link", "strong")),
    ("[a [b] c](https://a.b)", _reading("a [b] c", "text", "link")),
    (r"[\*a\*](https://a.b)", _reading(r"\*a\*", "text", "link")),
    ("[text](javascript:x)", _reading("[text](javascript:x)", "text")),
    ("[https://c.d](https://a.b)", _reading("[https://c.d](https://a.b)", "text", "autolink")),
    ("[by <@5>](https://a.b)", _reading("[by <@5>](https://a.b)", "text", "mention", "autolink")),
    ("[](https://a.b)", _reading("[](https://a.b)", "text", "autolink")),
    ("see https://a.b/c_d_e.", _reading("see https://a.b/c_d_e.", "text", "autolink")),
    ("(https://a.b/c)", _reading("(https://a.b/c)", "text", "autolink")),
    ("<https://a.b>", _reading("https://a.b", "autolink")),
    ("<t:1732300000:F>", _reading("2024-11-22 18:26 UTC", "time")),
    ("<t:0>", _reading("1970-01-01 00:00 UTC", "time")),
    ("<t:99999999999999999>", _reading("<t:99999999999999999>", "text")),
    ("<t:0:x>", _reading("<t:0:x>", "text", "emoji")),
    ("<@1> <@!2> <@&3> <#4>", _reading("<@1> <@!2> <@&3> <#4>", "mention")),
    ("@everyone @here", _reading("@everyone @here", "mention")),
    ("</quiz start:5>", _reading("</quiz start:5>", "mention")),
    (":tada: <:x_y:5> <a:z:6>", _reading(":tada: <:x_y:5> <a:z:6>", "emoji")),
    ("a\nb", _reading("a\nb", "text", "br")),
    ("a\n\nb", _reading("a\n\nb", "text")),
    ("# Title\nwords", _reading("Title\nwords", "text", "heading")),
    ("### **Title**", _reading("Title", "text", "heading", "strong")),
    ("#### no", _reading("#### no", "text")),
    ("#no", _reading("#no", "text")),
    ("a # b", _reading("a # b", "text")),
    ("-# small", _reading("small", "text", "subtext")),
    ("words\n-# small", _reading("words\nsmall", "text", "subtext")),
    ("> a\n> b\nc", _reading("a\nb\nc", "text", "quote", "br")),
    (">>> a\n\nb", _reading("a\n\nb", "text", "quote")),
    ("> > a", _reading("> a", "text", "quote")),
    (">no", _reading(">no", "text")),
    ("- a\n- b", _reading("a\nb", "text", "list")),
    ("* a\n* b", _reading("a\nb", "text", "list")),
    ("1. a\n10. b", _reading("a\nb", "text", "list")),
    ("words\n- a\n  - b", _reading("words\na\nb", "text", "list")),
    ("- a\n  more\n- b", _reading("a\nmore\nb", "text", "list", "br")),
    ("- **a** `b`", _reading("a b", "text", "list", "strong", "code")),
    ("-no\n1.no", _reading("-no\n1.no", "text", "br")),
    ("¯\\_(ツ)_/¯", _reading("¯\\_(ツ)_/¯", "text")),
    (r"C:\new \ x", _reading(r"C:\new \ x", "text")),
]


@pytest.mark.parametrize(("content", "expected"), CASES, ids=[content for content, _ in CASES])
def test_a_reader_sees_what_discord_shows(content: str, expected: Reading) -> None:
    assert read(content) == expected


def _escaped(typed: str) -> str:
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", typed)


TYPED = [
    "**bold** _it_ `code` [link](https://evil.example)",
    "<!channel> <@U123> <@123> @everyone @here <#C1>",
    "<script>alert(1)</script> &amp; <https://evil.example|click>",
    "# title > quote - item 1. item ||spoiler|| ~~gone~~ $x$ \\",
    "```py\nx\n``` `` ` `` :tada: <:x:5> <t:0:R> </a:5> <id:home>",
    "> quote\n>>> rest\n- item\n* item\n1. item\n-# small\n### big",
    r"\**a\** \\_b\\_ ¯\_(ツ)_/¯",
]


@pytest.mark.parametrize("typed", TYPED)
def test_what_is_escaped_sign_by_sign_is_dead_text(typed: str) -> None:
    assert read(_escaped(typed)) == _reading(typed, "text", *(["br"] if "\n" in typed else []))


@given(st.text(st.sampled_from("ab1 _*~|`#>-.[]()<>@:\\/!htps\n"), max_size=30))
def test_any_text_can_be_read_and_any_escaped_text_is_dead(typed: str) -> None:
    assert "p" in read(typed).marks
    dead = read(_escaped(typed))
    assert dead.text == typed.strip()
    assert dead.marks <= {"p", "text", "br"}


@pytest.mark.parametrize(
    "typed", ["_" * 300, "*" * 3000, "*a" * 300, "`" * 60, "[" * 300 + "]" * 300, "||~~" * 200, "> " * 300]
)
def test_piles_of_signs_are_read_at_once(typed: str) -> None:
    assert "p" in read(typed).marks
