"""What Discord gets: every message there is, held against Discord's own description and its documented limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord
import pytest
from structlog.testing import capture_logs

from adapters.discord.render import COLOURS, TOTAL_TEXT, render_message, render_modal
from adapters.storage.work import SqlStorage
from bot import message as m
from bot.features.help import greeting
from tests.contract.discord_seen import seen
from tests.contract.harness import biggest_message
from tests.support import items
from tests.support.discord.limits import message_violations, modal_violations
from tests.support.discord.openapi import OpenApi
from tests.support.picture import PNG
from tests.support.quiz_room import QuizRoom
from tests.support.tour import everything_said
from tests.support.views import BANK, TOPICS, longest_messages

OPENAPI = OpenApi.from_environment()
NO_MENTIONS: dict[str, Any] = {"parse": []}
ANSWERED, OPENED = 4, 9


def payload(message: m.Message) -> dict[str, Any]:
    """Return the body of a message as discord.py sends it."""
    rendered = render_message(message)
    flags = discord.MessageFlags(components_v2=True).value
    files = [{"id": place, **file.to_dict(place)} for place, file in enumerate(rendered.files)]
    for file in rendered.files:
        file.close()
    components: Any = rendered.view.to_components()  # type: ignore[no-untyped-call]
    body: dict[str, Any] = {
        "components": components,
        "flags": flags,
        "allowed_mentions": NO_MENTIONS,
    }
    return {**body, "attachments": files} if files else body


def faults(body: Mapping[str, Any]) -> list[str]:
    """Return what Discord would refuse of a message: in a channel, and as the answer to an interaction."""
    found = message_violations(body)
    if OPENAPI is not None:
        found += OPENAPI.violations("POST", "/channels/1/messages", body)
        found += OPENAPI.violations("POST", "/interactions/1/token/callback", {"type": ANSWERED, "data": body})
    return found


def modal_faults(form: m.Modal) -> list[str]:
    data = render_modal(form).to_dict()
    found = modal_violations(data)
    if OPENAPI is not None:
        found += OPENAPI.violations("POST", "/interactions/1/token/callback", {"type": OPENED, "data": data})
    return found


def test_discords_description_is_there() -> None:
    if OPENAPI is None:
        pytest.skip("Discord's OpenAPI document is not here; name it in DISCORD_OPENAPI")
    assert OPENAPI.violations("POST", "/channels/1/messages", {"components": [{"type": 99}]})


@pytest.mark.parametrize("topic", TOPICS)
async def test_every_question_of_the_bank_fits_whole_in_every_state(topic: str) -> None:
    with capture_logs() as logs:
        for question in (question for question in BANK.questions if question.topic == topic):
            found = [fault for message in longest_messages(question) for fault in faults(payload(message))]
            assert found == [], question.id
    assert logs == []


async def test_everything_that_can_be_said_fits(storage: SqlStorage) -> None:
    room = QuizRoom(storage, items.one(), items.many(), items.truth(), items.number(), items.order(), items.text())
    count = 0
    async for said in everything_said(room):
        count += 1
        assert (modal_faults(said) if isinstance(said, m.Modal) else faults(payload(said))) == []
    assert count > 150


async def test_a_message_at_every_limit_fits_whole() -> None:
    with capture_logs() as logs:
        assert faults(payload(biggest_message())) == []
        assert faults(payload(greeting())) == []
    assert logs == []


async def test_a_form_at_every_limit_fits() -> None:
    choices = tuple(
        m.Choice(f"{n}".ljust(100, "v"), "l" * m.LABEL, "d" * m.DESCRIPTION) for n in range(m.MODAL_CHOICES)
    )
    label, name = "l" * m.INPUT_LABEL, "n" * 60
    inputs = [
        m.TextInput(f"{name}{n}", label, "v" * m.INPUT_TEXT, "p" * m.PLACEHOLDER, most=m.INPUT_TEXT, multiline=True)
        for n in range(m.MODAL_INPUTS - 1)
    ]
    form = m.Modal("t" * m.MODAL_TITLE, m.Action("a" * 98), (*inputs, m.ChoiceInput("c", label, choices)))
    assert modal_faults(form) == []


async def test_a_message_that_escaping_makes_too_long_is_cut_and_says_so() -> None:
    fields = tuple(m.Field("*" * 70, "_ " * 200) for _ in range(3))
    with capture_logs() as logs:
        body = payload(m.Message("_ " * 900, title="Too long", fields=fields, footer="f"))
    assert faults(body) == []
    assert "Discord shows no more than this." in seen({"id": 1, **body}).text
    assert [entry["event"] for entry in logs] == ["a message was too long for Discord"]
    texts = [part["content"] for part in body["components"][0]["components"] if part["type"] == 10]
    assert TOTAL_TEXT * 0.9 < sum(map(len, texts)) <= TOTAL_TEXT


async def test_a_listing_that_is_cut_is_closed() -> None:
    stars = "\n".join("`" + "x" * 60 + "` ~~ " + "*_" * 5 for _ in range(38))
    body = payload(m.Message(f"{stars}\n\n```python\n" + "print(1)\n" * 60 + "```", title="Cut"))
    assert faults(body) == []
    assert body["components"][0]["components"][0]["content"].count("```") % 2 == 0


async def test_a_picture_has_its_words() -> None:
    body = payload(m.Message("x", images=(m.Image(PNG, "one"), m.Image(PNG, "two"))))
    assert faults(body) == []
    assert seen({"id": 1, **body}).alts == ("one", "two")
    assert [file["description"] for file in body["attachments"]] == ["one", "two"]


@pytest.mark.parametrize("tone", m.Tone)
async def test_every_tone_has_a_colour_of_its_own(tone: m.Tone) -> None:
    [container] = payload(m.Message("x", tone=tone))["components"]
    assert container["accent_color"] == COLOURS[tone]
    assert len(set(COLOURS.values())) == len(m.Tone)


async def test_a_link_is_a_button_that_opens_it() -> None:
    body = payload(m.Message("x", rows=((m.Link("Docs", "https://example.org/"),),)))
    assert faults(body) == []
    [button] = body["components"][0]["components"][-1]["components"]
    assert (button["style"], button["url"]) == (discord.ButtonStyle.link.value, "https://example.org/")
