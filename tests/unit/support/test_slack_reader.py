"""mrkdwn as Slack's client shows it: what is seen, and what made it so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.slack.reader import Reading, read


def _reading(text: str, *marks: str) -> Reading:
    return Reading(text, frozenset({"p", *marks}))


CASES: list[tuple[str, Reading]] = [
    ("plain words", _reading("plain words", "text")),
    ("", _reading("")),
    ("*bold*", _reading("bold", "text", "strong")),
    ("_it_ and ~gone~", _reading("it and gone", "text", "em", "strike")),
    ("＊bold＊", _reading("bold", "text", "strong")),
    ("*_both_*", _reading("both", "text", "strong", "em")),
    ("*a _b_ c*", _reading("a b c", "text", "strong", "em")),
    ("**bold**", _reading("*bold*", "text", "strong")),
    ("snake_case_name", _reading("snake_case_name", "text")),
    ("super*cali*fragilistic", _reading("super*cali*fragilistic", "text")),
    ("super\u200b*cali*\u200bfragilistic", _reading("supercalifragilistic", "text", "strong")),
    ("*\u2060cali\u2060*", _reading("cali", "text", "strong")),
    ("é*b*", _reading("éb", "text", "strong", "doubtful")),
    ("2 * 3 * 4", _reading("2 * 3 * 4", "text")),
    ("*a\nb*", _reading("*a\nb*", "text", "br")),
    ("*open", _reading("*open", "text")),
    (r"\*a\*", _reading("\\a\\", "text", "strong", "doubtful")),
    ("`*a*`", _reading("*a*", "code")),
    ("*a `*` b*", _reading("a * b", "text", "strong", "code")),
    ("``a``", _reading("`a`", "text", "code", "doubtful")),
    ("`a &lt; b`", _reading("a < b", "code")),
    ("```\nx = *1*\n```", _reading("x = *1*", "code")),
    ("a ```b``` c", _reading("a b c", "text", "code")),
    ("<https://a.b/?c&amp;d|words>", _reading("words", "text", "link")),
    ("<https://a.b|*words*>", _reading("words", "text", "link", "strong")),
    ("<https://a.b>", _reading("https://a.b", "link")),
    ("<javascript:x|words>", _reading("<javascript:x|words>", "text")),
    ("see https://a.b/c", _reading("see https://a.b/c", "text", "autolink")),
    ("<!date^1732300000^{date_short_pretty} {time}|then>", _reading("2024-11-22 18:26 UTC", "time")),
    ("<!date^999999999999^{date}|then>", _reading("then", "text")),
    ("<!date^0^{_}|*>x*", _reading("*x*", "text")),
    ("<!channel> <@U1> <#C1|general>", _reading("<!channel> <@U1> <#C1|general>", "mention")),
    ("@here @channel @hereby", _reading("@here @channel @hereby", "text", "mention")),
    ("&lt;!channel&gt; &amp;amp;", _reading("<!channel> &amp;", "text")),
    (":tada: :+1:", _reading(":tada: :+1:", "emoji")),
    (":\u2060tada:", _reading(":tada:", "text")),
    ("a\nb", _reading("a\nb", "text", "br")),
    ("a\n\nb", _reading("a\n\nb", "text")),
    ("> a\n> b\nc", _reading("a\nb\nc", "text", "quote", "br")),
    ("&gt; a", _reading("a", "text", "quote")),
    ("a > b", _reading("a > b", "text")),
    ("\u2060> a", _reading("> a", "text")),
    ("• a\n• *b*", _reading("a\nb", "text", "list", "strong")),
    ("1. a\n10) b", _reading("a\nb", "text", "list")),
    ("- a\n  more", _reading("a\nmore", "text", "list", "br")),
    ("-no 1.no", _reading("-no 1.no", "text")),
]


@pytest.mark.parametrize(("content", "expected"), CASES, ids=[content for content, _ in CASES])
def test_a_reader_sees_what_slack_shows(content: str, expected: Reading) -> None:
    assert read(content) == expected


def test_addresses_in_a_verbatim_text_are_not_linked() -> None:
    assert read("see https://a.b", verbatim=True) == _reading("see https://a.b", "text")


@given(st.text(st.sampled_from("ab1 _*~`>-.•<>|@:/!&;^{}htps\n\u200b"), max_size=30))
def test_any_text_can_be_read(typed: str) -> None:
    reading = read(typed)
    assert "p" in reading.marks
    assert "\u200b" not in reading.text


@pytest.mark.parametrize("typed", ["_" * 300, "*" * 3000, "*a" * 300, "`" * 60, "<" * 3000, "*_~" * 200, "> " * 300])
def test_piles_of_signs_are_read_at_once(typed: str) -> None:
    assert "p" in read(typed).marks
