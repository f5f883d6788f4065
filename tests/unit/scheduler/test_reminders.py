"""Reminders: for those who asked, whose streak is at stake and who have not answered; once each."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.errors import Forbidden, Gone, RateLimited, Unreachable
from bot.refs import Actor, ChannelRef, WorkspaceRef
from tests.support.daily_room import CLOSED, DailyRoom
from tests.support.databases import KINDS, open_database
from tests.support.items import number, truth
from tests.support.room import ADA, BOB, token_of
from tests.support.world import someone

REMINDED = CLOSED - timedelta(hours=2)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def begun(storage: SqlStorage, *people: Actor, text: str = "time:09:00 zone:UTC days:daily") -> DailyRoom:
    """Return a room in which people have a streak of a day and want to be reminded, with a question open."""
    room = DailyRoom(storage, number(), *(truth(id=f"ml-t{place}") for place in range(9)))
    for who in people:
        await room.command(who, "settings", "reminders:yes")
        await room.earn(who)
    await room.begin(text)
    return room


async def remind(room: DailyRoom) -> list[str]:
    """Go on until people were reminded, and return whom."""
    await room.live_until(REMINDED + 10 * MINUTE, HOUR)
    return [user.id for user, _ in room.board.told]


@pytest.mark.parametrize("kind", KINDS)
async def test_those_are_reminded_who_asked_and_have_not_answered(kind: str, tmp_path: Path) -> None:
    async with open_database(kind, tmp_path) as storage:
        eve, ann = someone("Eve"), someone("Ann")
        room = await begun(storage, ADA, BOB, ann)
        await room.earn(eve)
        post = room.post.message
        await room.press(BOB, token_of(post, "True"))
        await room.earn(ann)
        await room.live_until(REMINDED - MINUTE, HOUR)
        assert room.board.told == []
        assert await remind(room) == ["ada"]
        [(_, message)] = room.board.told
        assert message.title == "Your streak is at stake"
        assert (
            "The question of 24 November 2026 in [study](channel:study) closes [2026-11-25 09:00 UTC](time:1795597200)."
            in message.text
        )
        assert "your streak of **1 day**." in message.text
        assert message.footer == "`/settings reminders:no` ends these."
        await room.live_until(CLOSED + HOUR, 10 * MINUTE)
        assert len(room.board.told) == 1


async def test_the_button_shows_the_question_to_be_answered_in_private(storage: SqlStorage) -> None:
    room = await begun(storage, ADA)
    await remind(room)
    [(_, message)] = room.board.told
    asked = await room.press(ADA, token_of(message, "Show the question"))
    assert asked.title == "Question of the day · 24 November 2026"
    sealed = await room.press(ADA, token_of(asked, "False"))
    assert "streak: 2 days" in sealed.footer
    assert (await room.press(ADA, token_of(message, "Show the question"))).title == "Sealed until it closes"


async def test_nobody_is_reminded_who_has_no_streak_or_changed_their_mind(storage: SqlStorage) -> None:
    room = await begun(storage, ADA)
    await room.command(BOB, "settings", "reminders:yes")
    await room.command(ADA, "settings", "reminders:no")
    assert await remind(room) == []


async def test_nobody_is_reminded_of_a_question_that_is_open_for_a_few_hours(storage: SqlStorage) -> None:
    room = await begun(storage, ADA, text="time:09:00 zone:UTC days:daily closes:3")
    await room.live_until(CLOSED, HOUR)
    assert room.board.told == []


@pytest.mark.parametrize("error", [Gone("nobody"), Forbidden("takes no messages")])
async def test_whoever_takes_no_messages_is_not_reminded_again(storage: SqlStorage, error: Exception) -> None:
    room = await begun(storage, ADA)
    room.board.broken["tell"] = error
    await remind(room)
    room.board.broken.clear()
    await room.press(ADA, token_of(room.post.message, "True"))
    assert "'off'" in str((await room.command(ADA, "settings")).fields)
    await room.live_until(CLOSED + timedelta(days=1), HOUR)
    assert room.board.told == []


@pytest.mark.parametrize("error", [Unreachable("no answer"), RateLimited(120)])
async def test_a_reminder_that_was_not_taken_is_tried_again(storage: SqlStorage, error: Exception) -> None:
    room = await begun(storage, ADA, BOB)
    room.board.broken["tell"] = error
    await room.live_until(REMINDED + 2 * MINUTE, HOUR)
    room.board.broken.clear()
    await room.press(BOB, token_of(room.post.message, "True"))
    await room.live_until(REMINDED + HOUR, MINUTE)
    assert [user.id for user, _ in room.board.told] == ["ada"]


async def test_a_reminder_that_comes_too_late_is_not_told(storage: SqlStorage) -> None:
    room = await begun(storage, ADA)
    room.board.broken["tell"] = Unreachable("no answer")
    await room.live_until(CLOSED - MINUTE, HOUR)
    room.clock.at = CLOSED
    room.board.broken.clear()
    await room.work()
    await room.live_until(CLOSED + HOUR)
    assert room.board.told == []


async def test_people_of_another_workspace_are_not_reminded(storage: SqlStorage) -> None:
    room = await begun(storage, ADA)
    home = room.channel
    room.at(ChannelRef(WorkspaceRef("test", "elsewhere"), "study"))
    await room.command(BOB, "settings", "reminders:yes")
    await room.earn(BOB)
    room.at(home)
    assert await remind(room) == ["ada"]
