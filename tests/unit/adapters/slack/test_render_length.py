"""No message that the core can build is too long for Slack, and none that fits loses a sign."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from adapters.slack import markdown, render
from adapters.slack.render import CUT, SECTION_TEXT, fallback_text, render_blocks
from bot import markup
from bot import message as m
from tests.contract.slack_seen import seen
from tests.support.slack.blocks import check_blocks
from tests.support.slack.reader import read

ROW = (m.Button("Go", m.Action("go")),)

SIGNS = st.sampled_from(["_", "~", "*", "*.", "_ ", "~ ", "`", "`.", "```\n", "<", "&", "<@1>", "\n> ", ":a: ", "\\*"])
PLAIN = st.sampled_from(["word ", "a", "é", "\n", "\n\n", "\n- ", "\n1. ", "[x](https://example.org/?a=_a_&b) "])
TEXTS = st.lists(st.tuples(SIGNS | PLAIN, st.sampled_from([900, 60, 1])), min_size=1, max_size=4).map(
    lambda runs: "x" + "".join(sign * times for sign, times in runs)
)
SIZES = st.sampled_from([2, 1, 0])
"""Nothing, half, or all of what a part may have."""


@st.composite
def messages(draw: st.DrawFn) -> m.Message:
    """Return any message that the core allows: parts of any length, shortened until they are allowed together."""
    left = m.TOTAL - 1

    def part(most: int) -> str:
        nonlocal left
        cut = draw(TEXTS)[: max(min(most, left), 0)]
        left -= len(cut)
        return cut

    title, footer = part(draw(SIZES) * m.TITLE // 2), part(draw(SIZES) * m.FOOTER // 2)
    number, most = draw(st.sampled_from([(m.FIELDS, 250), (4, m.FIELD_VALUE), (1, m.FIELD_VALUE), (0, 0)]))
    pairs = [(part(m.FIELD_NAME), part(most)) for _ in range(number)]
    fields = tuple(m.Field(name, value) for name, value in pairs if name and value)
    text = part(draw(SIZES) * m.TEXT // 2) or ("" if fields or title or footer else "x")
    tone = draw(st.sampled_from(m.Tone))
    return m.Message(text, title, tone, fields, (ROW,) if draw(st.booleans()) else (), footer=footer)


def sections(blocks: list[dict[str, Any]]) -> list[str]:
    """Return the running text of a message, section by section."""
    return [block["text"]["text"] for block in blocks if block["type"] == "section"]


def shown(texts: list[str]) -> str:
    """Return what is seen of texts, without blanks, as splitting may take one."""
    return "".join("".join(read(text, verbatim=True).text.split()) for text in texts)


def uncut(message: m.Message) -> list[dict[str, Any]]:
    """Return a message as if Slack took any length."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(render, "TOTAL_TEXT", 10**6)
        return render_blocks(message)


@settings(max_examples=40, deadline=None)
@given(message=messages())
@example(m.Message(markup.escape("*." * 900)))
@example(m.Message("<" * 3800))
async def test_any_message_of_the_core_fits_whole_or_is_cut_where_it_says_so(message: m.Message) -> None:
    with capture_logs() as logs:
        blocks = render_blocks(message)
    whole = uncut(message)
    assert check_blocks(blocks, "message") == []
    assert 0 < len(fallback_text(message)) <= 3000
    if blocks == whole:
        assert logs == []
    else:
        assert [line["event"] for line in logs] == ["a message was too long for Slack"]
        assert [text for text in sections(blocks) if "no more than this" in text] == [CUT]
        assert [block for block in blocks if block["type"] in ("header", "actions", "context")] == [
            block for block in whole if block["type"] in ("header", "actions", "context")
        ]


def longer(by: int) -> m.Message:
    """Return a message that takes Slack's room but for ``by`` characters more."""
    fields = tuple(m.Field("name", "v" * 90) for _ in range(m.FIELDS))
    return m.Message(markup.escape("*." * 600) + "x" * by, "Near the limit", fields=fields, footer="small print")


def test_what_just_fits_is_not_cut_and_one_more_sign_than_fits_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        render, "TOTAL_TEXT", sum(map(len, sections(uncut(longer(5))))) + len("Near the limitsmall print")
    )
    with capture_logs() as logs:
        assert render_blocks(longer(5)) == uncut(longer(5))
    assert logs == []
    with capture_logs() as logs:
        blocks = render_blocks(longer(6))
    assert (sections(blocks)[-1], len(logs)) == (CUT, 1)
    assert seen({"ts": "1", "blocks": blocks}).text.split("\n")[-2:] == [CUT.strip("_"), "small print"]


@pytest.mark.parametrize(
    "text",
    [
        "word " * 700,
        "a line of some words\n" * 180,
        "A paragraph of some words.\n\n" * 130,
        "- an item of a list\n" * 180,
        "> a line that is quoted\n" * 150,
        "```python\n" + "print(1)\n" * 400 + "```",
        "words before\n\n```\n" + "x = 1\n" * 500 + "\n```\n\nand *after*",
        "```\n" + "x" * 3700 + "\n```",
        "<" * 3700,
        markup.escape("*." * 900),
        "[a link](https://example.org/some/page?a=1&b=2) " * 70,
    ],
)
def test_a_long_text_is_split_and_loses_nothing(text: str) -> None:
    blocks = uncut(m.Message(text))
    texts = sections(blocks)
    assert len(texts) > 1
    assert check_blocks(blocks, "home") == []
    whole = markdown.render(text)
    assert shown(texts) == shown([whole])
    for part in texts:
        assert read(part, verbatim=True).marks <= read(whole, verbatim=True).marks


def test_a_text_is_split_where_a_paragraph_ends() -> None:
    first, second, third = "a" * 1200, "b " * 800, "c " * 400
    texts = sections(render_blocks(m.Message(f"{first}\n\n{second}\n\n{third}")))
    assert texts == [f"{first}\n\n{second.strip()}", third.strip()]


def test_a_listing_that_is_split_is_closed_and_opened_again() -> None:
    first, second = sections(render_blocks(m.Message("```\n" + "0123456789\n" * 300 + "```")))
    assert (first[:4], first[-4:], second[:4], second[-4:]) == ("```\n", "\n```", "```\n", "\n```")
    assert first.count("0123456789") + second.count("0123456789") == 300


def test_a_text_that_is_cut_in_a_listing_closes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "TOTAL_TEXT", 1000)
    text, cut = sections(render_blocks(m.Message("```\n" + "0123456789\n" * 300 + "```")))
    assert cut == CUT
    assert text.startswith("```\n0123456789\n")
    assert text.endswith("\n0123456789\n```")
    assert len(text) + len(CUT) <= 1000


@pytest.mark.parametrize("blank", ["", "\n"])
def test_no_listing_is_left_empty_by_a_split(blank: str) -> None:
    code = "0123456789\n" * 271 + "z" * (9 - len(blank)) + blank
    first, second = sections(render_blocks(m.Message(f"```\n{code}\n```\n\nmore words")))
    assert first == "```\n" + "0123456789\n" * 271 + "```"
    assert second == f"```\n{code[2981:]}\n```\n\nmore words"


def test_a_section_is_at_least_half_full() -> None:
    first, second = sections(render_blocks(m.Message("short\n\n" + "word " * 700)))
    assert (first[:8], len(first) > SECTION_TEXT - 10, second[:5]) == ("short\n\nw", True, "word ")
