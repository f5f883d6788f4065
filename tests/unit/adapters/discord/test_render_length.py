"""No message that the core can build is too long for Discord, and none that fits loses a sign."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from adapters.discord import render
from adapters.discord.render import CUT, TOTAL_TEXT
from bot import message as m
from tests.support.discord.limits import message_violations
from tests.unit.adapters.discord.test_render import payload

TEXT_DISPLAY = 10
SPARE = 3
"""Characters that are set aside for line breaks between texts, of which a message may have fewer."""
ROW = (m.Button("Go", m.Action("go")),)

SIGNS = st.sampled_from(["_", "~", "|", "*", "_ ", "~~ ", "|| ", "* ", "** ", "`", "```\n", "\\", "<@1>", "> ", "# "])
PLAIN = st.sampled_from(["word ", "a", "é", "\n", "\n\n", "- ", "1. ", "[x](https://example.org/_a_) "])
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
    return m.Message(text, title, fields=fields, footer=footer, rows=(ROW,) if draw(st.booleans()) else ())


def texts(body: dict[str, Any]) -> list[str]:
    """Return what a message says, part by part."""
    return [part["content"] for part in body["components"][0]["components"] if part["type"] == TEXT_DISPLAY]


def uncut(message: m.Message) -> list[str]:
    """Return what a message would say if Discord took any length."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(render, "TOTAL_TEXT", 10**6)
        return texts(payload(message))


@settings(max_examples=20)
@given(message=messages())
async def test_any_message_of_the_core_fits_whole_or_is_cut_where_it_says_so(message: m.Message) -> None:
    with capture_logs() as logs:
        body = payload(message)
    assert message_violations(body) == []
    told, whole = texts(body), uncut(message)
    length = sum(map(len, whole))
    assert sum(map(len, told)) <= TOTAL_TEXT
    if length <= TOTAL_TEXT - SPARE:
        assert (told, logs) == (whole, [])
    if length > TOTAL_TEXT:
        assert [line["event"] for line in logs] == ["a message was too long for Discord"]
        assert sum(CUT in text for text in told) == 1
        if message.footer:
            assert told[-1] == whole[-1]


@pytest.mark.parametrize("title", ["", "Near the limit"])
async def test_what_just_fits_is_not_cut_and_one_more_sign_than_fits_is(title: str) -> None:
    fields = tuple(m.Field("name", "v" * 90) for _ in range(m.FIELDS))
    text = "_ " * 600 + "end"

    def longer(by: int) -> m.Message:
        return m.Message(text + "x" * by, title, fields=fields, footer="small print")

    left = TOTAL_TEXT - sum(map(len, uncut(longer(0))))
    fitting, over = longer(left - SPARE), longer(left + 1)
    assert texts(payload(fitting)) == uncut(fitting)
    assert texts(payload(over)) != uncut(over)
    assert message_violations(payload(over)) == []


@pytest.mark.parametrize("text", [" ", "\n\n"])
async def test_a_text_of_spaces_alone_is_left_out(text: str) -> None:
    assert message_violations(payload(m.Message(text, fields=(m.Field("name", "value"),)))) == []
