"""Nothing that people do leaves anything behind in discord.py, which would remember it for as long as the bot runs."""

from __future__ import annotations

from typing import Any

from bot.message import Action, Button, Message
from tests.unit.adapters.discord.conftest import Loopback

ROUNDS = 4
POST = Message(text="which?", rows=((Button("Go", Action("stage-open")),),))


def controls(parts: list[dict[str, Any]]) -> list[str]:
    return [part["custom_id"] for part in parts if "custom_id" in part]


async def one_round(loopback: Loopback) -> int:
    """Let somebody press a button, choose from a list, send a form and dismiss one; return how many acts that were."""
    ada, channel = loopback.ada, loopback.channel
    before = len(loopback.discord.records)
    for command, values in (("stage-private", None), ("stage-select", ["x", "y"])):
        first = await loopback.discord.slash(ada, channel, command).answered()
        assert first.original is not None
        [token] = controls(first.original.parts)
        await loopback.discord.press(ada, first.original, token, values).answered()
    first = await loopback.discord.slash(ada, channel, "stage-form").answered()
    assert first.original is not None
    opened = await loopback.discord.press(ada, first.original, controls(first.original.parts)[0]).answered()
    assert opened.modal is not None
    sent = loopback.discord.submit(ada, channel, opened.modal["custom_id"], {"word": "seven", "why": "a"})
    assert (await sent.answered()).errors == []
    first = await loopback.discord.slash(ada, channel, "stage-form").answered()
    assert first.original is not None
    await loopback.discord.press(ada, first.original, controls(first.original.parts)[0]).answered()
    return len(loopback.discord.records) - before


async def test_after_many_acts_discordpy_remembers_no_view_and_no_form(loopback: Loopback) -> None:
    app = await loopback.start()
    acts = sum([await one_round(loopback) for _ in range(ROUNDS)])
    assert acts >= 30
    posted = await app.platform.send(loopback.place(), POST)
    await app.platform.edit(posted, POST)
    await loopback.idle()
    store = app.client._connection._view_store
    assert (store._views, store._synced_message_views, store._modals) == ({}, {}, {})
