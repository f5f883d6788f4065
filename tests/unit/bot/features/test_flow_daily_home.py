"""The page that a platform shows by itself tells of the questions of the day that are open."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.message import Field, Message
from bot.refs import ChannelRef, WorkspaceRef
from tests.support.daily_room import CLOSED, DailyRoom
from tests.support.databases import KINDS, open_database
from tests.support.items import bank_of, one, truth
from tests.support.room import ADA, BOB, token_of

NAME = "Question of the day, 24 November 2026"
ABOUT = "Neurons, MLPs and backpropagation · medium · closes [2026-11-25 09:00 UTC](time:1795597200)"
LABEL = "Show the question"


def of_the_day(message: Message) -> list[Field]:
    return [field for field in message.fields if field.name.startswith("Question of the day")]


@pytest.mark.parametrize("kind", KINDS)
async def test_an_open_question_is_shown_with_its_close_and_whether_one_has_answered(kind: str, tmp_path: Path) -> None:
    async with open_database(kind, tmp_path) as storage:
        room = DailyRoom(storage, truth())
        assert of_the_day(await room.opened(ADA)) == []
        await room.begin("time:09:00 zone:UTC days:tue")
        page = await room.opened(ADA)
        assert (page.title, of_the_day(page)) == (
            "Your progress",
            [Field(NAME, f"{ABOUT} · **you have not answered yet**")],
        )
        asked = await room.press(ADA, token_of(page, LABEL))
        await room.press(ADA, token_of(asked, "False"))
        page = await room.opened(ADA)
        assert of_the_day(page) == [Field(NAME, f"{ABOUT} · you have answered")]
        assert (await room.press(ADA, token_of(page, "My answer"))).title == "Sealed until it closes"
        assert of_the_day(await room.opened(BOB)) == [Field(NAME, f"{ABOUT} · **you have not answered yet**")]
        await room.close()
        assert of_the_day(await room.opened(ADA)) == []


async def test_several_are_told_apart_by_their_topics(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth(), one(id="cn-one"))
    await room.set_up("time:09:00 zone:UTC days:daily topics:mlp")
    room.at(replace(room.channel, id="other"))
    await room.begin("time:09:00 zone:UTC days:daily topics:cnn")
    page = await room.opened(ADA)
    assert len(of_the_day(page)) == 2
    for topic in ("Neurons, MLPs and backpropagation", "Convolutional networks"):
        asked = await room.press(ADA, token_of(page, f"{LABEL}: {topic}"))
        assert asked.title == "Question of the day · 24 November 2026"


async def test_neither_those_of_another_workspace_nor_what_cannot_be_answered_is_shown(storage: SqlStorage) -> None:
    room = DailyRoom(storage, truth())
    await room.begin("time:09:00 zone:UTC days:tue")
    here = room.channel
    room.at(ChannelRef(WorkspaceRef("test", "elsewhere"), "study"))
    assert of_the_day(await room.opened(ADA)) == []
    room.at(here)
    room.clock.at = CLOSED + timedelta(seconds=1)
    assert of_the_day(await room.opened(ADA)) == []
    room.clock.at = CLOSED - timedelta(seconds=1)
    assert len(of_the_day(await room.opened(ADA))) == 1
    room.bank = bank_of(one())
    assert of_the_day(await room.opened(ADA)) == []
