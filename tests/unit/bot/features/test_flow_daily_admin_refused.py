"""Who may not run questions of the day, and what means nothing: refused politely, and nothing is kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.storage.work import SqlStorage
from bot.commands import Where
from bot.features.daily_admin import daily_admin_router
from bot.message import Message
from bot.refs import ChannelRef, Role, WorkspaceRef
from tests.support.items import bank_of, number, one, truth
from tests.support.room import ADA, refusal_of
from tests.support.schedule_room import GRACE, ScheduleRoom
from tests.support.world import HOME

ROUTER = daily_admin_router(bank_of(one()))
COMMANDS = sorted(ROUTER.commands)
MEMBERS = "Only moderators can do this. Ask one of this workspace's moderators."
GONE = "There is no schedule 1 here. `/daily list` shows those that there are."
AWAY = ChannelRef(WorkspaceRef("test", "away"), "study")
WITH_NUMBER = {
    "schedule-card": (),
    "schedule-form": ("when",),
    "schedule-pause": (),
    "schedule-resume": (),
    "schedule-skip": ("2026-11-24",),
    "schedule-now": (),
    "schedule-remove": (),
    "schedule-removed": (),
    "schedule-preview": (),
    "schedule-history": (),
    "schedule-queue": (),
    "schedule-unqueue": ("ml-one",),
}
RUBBISH = ["🎉", "x" * 3000, "\u202e\u200f", "'; DROP TABLE schedules; --", "schedule:x", "nonsense:1e9", "::", "* *"]


def room_of(storage: SqlStorage) -> ScheduleRoom:
    return ScheduleRoom(storage, one(), truth(), number())


async def set_up(room: ScheduleRoom) -> Message:
    return await room.command(GRACE, "daily setup", "time:9 zone:UTC")


def test_all_commands_are_moderators_and_belong_into_a_workspace() -> None:
    assert [
        f"daily {name}"
        for name in ("edit", "history", "list", "now", "pause", "preview", "queue", "remove", "resume", "setup", "skip")
    ] == COMMANDS
    for command in ROUTER.commands.values():
        assert (command.requires, command.where) == (Role.MODERATOR, Where.WORKSPACE)
    assert all(control.requires is Role.MODERATOR for control in ROUTER.controls.values())


async def test_members_are_refused(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    before = await room.schedule()
    for command in COMMANDS:
        assert refusal_of(await room.typed(ADA, command)) == MEMBERS, command
    assert await room.schedule() == before


async def test_members_can_press_and_send_nothing(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    before = await room.schedule()
    for name, rest in WITH_NUMBER.items():
        assert refusal_of(await room.pressed(ADA, ":".join([f"{name}.1", "1", *rest]))) == MEMBERS
    assert refusal_of(await room.pressed(ADA, "schedule-begin.1:UTC")) == MEMBERS
    for token in ("schedule-save.1:1:when", "schedule-begun.1", "schedule-queued.1:1"):
        assert refusal_of(await room.sent(ADA, token, {"time": "8", "id": "ml-one"})) == MEMBERS
    assert await room.schedule() == before


async def test_another_workspaces_schedule_is_not_there(storage: SqlStorage) -> None:
    here, away = room_of(storage), ScheduleRoom(storage, one(), truth(), number(), channel=AWAY)
    await set_up(here)
    await here.command(GRACE, "daily queue", "ml-one")
    before = await here.schedule()
    for name, rest in WITH_NUMBER.items():
        assert refusal_of(await away.pressed(GRACE, ":".join([f"{name}.1", "1", *rest]))) == GONE, name
    assert refusal_of(await away.sent(GRACE, "schedule-save.1:1:when", {"time": "8"})) == GONE
    assert refusal_of(await away.sent(GRACE, "schedule-queued.1:1", {"id": "ml-truth"})) == GONE
    for command in COMMANDS:
        if command not in ("daily setup", "daily list"):
            told = refusal_of(await away.typed(GRACE, command, "schedule:1"))
            assert told == GONE, command
            assert refusal_of(await away.typed(GRACE, command)).startswith("This workspace has no question of the day.")
    assert await here.schedule() == before
    assert (await away.command(GRACE, "daily list")).text.startswith("There is none here.")
    assert (await here.command(GRACE, "daily queue")).text == "**1.** `ml-one`"


async def test_a_number_that_is_none_is_refused(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    before = await room.schedule()
    for named in ("", "0", "2", "-1", "+1", "x", "01x", "9" * 18, "9" * 19, "1.0"):
        for name, rest in WITH_NUMBER.items():
            told = refusal_of(await room.pressed(GRACE, ":".join([f"{name}.1", named, *rest])))
            assert told.startswith("There is no schedule"), (name, named)
    assert await room.schedule() == before


@pytest.mark.parametrize("command", [command for command in COMMANDS if command != "daily list"])
async def test_rubbish_is_refused_with_what_to_type(storage: SqlStorage, command: str) -> None:
    room = room_of(storage)
    await set_up(room)
    before = await room.schedule()
    for typed in RUBBISH:
        told = refusal_of(await room.typed(GRACE, command, typed))
        assert "`" in told or "Write" in told or "copy it" in told, (typed, told)
        assert "broke on our side" not in told
    assert await room.schedule() == before


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ("schedule-begin.1:Mars.Base", "I do not know the time zone Mars\\/Base."),
        ("schedule-begin.1:", "I need a time zone."),
        ("schedule-form.1:1:nonsense", "There is no such form."),
        ("schedule-skip.1:1:tomorrow", "0001-01-01 is not the next date any more."),
        ("schedule-skip.1:1", "This control is from another version of Warmup."),
        ("schedule-card.9:1", "This control is from another version of Warmup."),
    ],
)
async def test_controls_of_hostile_clients_do_nothing(storage: SqlStorage, token: str, told: str) -> None:
    room = room_of(storage)
    await set_up(room)
    before = await room.schedule()
    assert refusal_of(await room.pressed(GRACE, token)).startswith(told)
    assert await room.schedule() == before


async def test_forms_of_hostile_clients_change_nothing_else(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    told = refusal_of(await room.sent(GRACE, "schedule-save.1:1:nonsense", {"time": "8"}))
    assert told.startswith("There is no such form.")
    await room.sent(GRACE, "schedule-save.1:1:when", {"thread": "yes", "at": "8", "nonsense": "x"})
    plan = (await room.schedule()).plan
    assert (plan.thread, plan.at.hour) == (False, 9)
    assert (await room.press(GRACE, "schedule-list.1:999999999999")).text.startswith("There is none here.")
    assert (await room.press(GRACE, "schedule-unqueue.1:1:nothing")).text.startswith("**Taken out.**")


@pytest.mark.parametrize(
    "channel",
    [ChannelRef(HOME, "D1", direct=True), ChannelRef(WorkspaceRef("test", "dm-7"), "7", direct=True)],
)
async def test_a_direct_conversation_cannot_have_one(storage: SqlStorage, channel: ChannelRef) -> None:
    room = room_of(storage)
    room.channel = channel
    for command in COMMANDS:
        told = refusal_of(await room.typed(GRACE, command))
        assert told.startswith("This works in a channel of your team only.")
    for reply in (
        await room.pressed(GRACE, "schedule-begin.1:UTC"),
        await room.sent(GRACE, "schedule-begun.1", {"time": "9"}),
    ):
        assert not hasattr(reply, "modal")
        assert refusal_of(reply) == "A question of the day needs a channel of your team. Type `/daily setup` in one."
    room.channel = replace(channel, direct=False, workspace=HOME)
    assert (await room.command(GRACE, "daily list")).text.startswith("There is none here.")


@pytest.mark.parametrize("channel", ["#study", "study", "<#>", "<@&5>", "🎉"])
async def test_a_channel_that_was_not_mentioned_is_refused(storage: SqlStorage, channel: str) -> None:
    room = room_of(storage)
    told = refusal_of(await room.typed(GRACE, "daily setup", f"channel:{channel}"))
    assert told.endswith("Choose one with #, or type the command in it and leave this out.")
