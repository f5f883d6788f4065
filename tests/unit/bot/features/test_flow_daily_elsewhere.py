"""A control of another workspace's question, which only a forged message could carry, does nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.refs import WorkspaceRef
from tests.support.daily_room import DailyRoom
from tests.support.databases import open_database
from tests.support.items import one
from tests.support.room import ADA, refusal_of, token_of

OTHER = WorkspaceRef("test", "other")
OWN = WorkspaceRef("test", "dm-ada")


@pytest.mark.parametrize("label", ["A", "My answer"])
async def test_a_question_of_another_workspace_is_not_there(tmp_path: Path, label: str) -> None:
    async with open_database("sqlite", tmp_path) as storage:
        room = DailyRoom(storage, one())
        post = await room.begin()
        room.channel = replace(room.channel, workspace=OTHER)
        assert refusal_of(await room.pressed(ADA, token_of(post, label))).startswith("There is no such question here.")
        assert await room.answers() == []


async def test_a_persons_own_conversation_is_as_good_as_the_channel(tmp_path: Path) -> None:
    async with open_database("sqlite", tmp_path) as storage:
        room = DailyRoom(storage, one())
        post = await room.begin()
        room.channel = replace(room.channel, workspace=OWN, direct=True)
        await room.press(ADA, token_of(post, "A"))
        assert [answer.name for answer in await room.answers()] == ["Ada"]


async def test_what_was_drawn_before_it_became_the_one_of_the_day_waits_for_the_close(tmp_path: Path) -> None:
    async with open_database("sqlite", tmp_path) as storage:
        room = DailyRoom(storage, one())
        drawn = await room.command(ADA, "practice")
        await room.begin()
        refused = refusal_of(await room.pressed(ADA, token_of(drawn, "A")))
        assert refused.startswith("This is the question of the day now, and sealed until that closes.")
        await room.close()
        room.clock.pass_time(days=8)
        assert "Why" in (await room.press(ADA, token_of(drawn, "A"))).text
