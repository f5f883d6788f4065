"""Questions of the day as moderators set them up, change and remove them; each act comes after a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from adapters.storage.work import SqlStorage
from bot.message import ChoiceInput, Message, Modal, TextInput, Tone
from bot.refs import Actor, Role
from bot.scheduling import Plan, ScheduleState
from tests.support.items import many, number, one, order, text, truth
from tests.support.responder import Opened
from tests.support.room import refusal_of, token_of
from tests.support.schedule_room import GRACE, ScheduleRoom
from tests.support.world import MONDAY, someone

OBSTACLE = "I may not write in that channel. Allow me **Send Messages** in its settings."


def room_of(storage: SqlStorage) -> ScheduleRoom:
    return ScheduleRoom(
        storage, one(), truth(), number(), many(), order(), text(), one(id="cn-one"), zone="Europe/Paris"
    )


def said(message: Message, name: str) -> str:
    return next(field.value for field in message.fields if field.name == name)


async def set_up(room: ScheduleRoom, text: str = "time:9 zone:Europe/Berlin") -> Message:
    card = await room.command(GRACE, "daily setup", text)
    assert card.tone is Tone.GOOD
    return card


def values(form: Modal) -> dict[str, str]:
    return {field.name: field.value for field in form.inputs}


async def test_setting_up_without_a_wish_proposes_the_usual_and_a_press_does_exactly_that(storage: SqlStorage) -> None:
    room = room_of(storage)
    asked = await room.command(GRACE, "daily setup")
    assert asked.title == "A question of the day for this channel?"
    assert asked.text.startswith("**09:00 Europe/Paris, Mon–Fri; all topics; closes after 24 h**")
    assert room.wall.asked == []
    card = await room.press(GRACE, token_of(asked, "Set it up"))
    assert card.title == "Question of the day, schedule 1"
    assert card.text.startswith("**Set up.**")
    kept = await room.schedule()
    assert kept.plan == Plan(at=time(9), zone="Europe/Paris")
    assert (kept.state, kept.next_day, kept.channel) == (ScheduleState.ACTIVE, date(2026, 11, 24), room.channel)
    assert (kept.owner, kept.trouble) == (GRACE.user, "")
    again = refusal_of(await room.pressed(GRACE, token_of(asked, "Set it up")))
    assert again == "That channel has exactly this already, as schedule 1. Change something about it."


@pytest.mark.parametrize(
    ("who", "chosen", "zone"),
    [
        (GRACE, "", "Europe/Paris"),
        (replace(GRACE, zone="Asia/Tokyo"), "", "Asia/Tokyo"),
        (replace(GRACE, zone="Asia/Tokyo"), "America/Port-au-Prince", "America/Port-au-Prince"),
        (GRACE, "Etc/GMT", "Europe/Paris"),
    ],
)
async def test_the_usual_is_in_the_moderators_own_zone(storage: SqlStorage, who: Actor, chosen: str, zone: str) -> None:
    room = room_of(storage)
    if chosen:
        await room.typed(who, "settings", f"zone:{chosen}")
    asked = await room.command(who, "daily setup")
    assert f"09:00 {zone}," in asked.text
    await room.press(who, token_of(asked, "Set it up"))
    assert (await room.schedule()).plan.zone == zone


async def test_the_form_before_a_setup_has_the_usual_filled_in(storage: SqlStorage) -> None:
    room = room_of(storage)
    asked = await room.command(GRACE, "daily setup")
    form = await room.form(GRACE, token_of(asked, "Change it first"))
    assert values(form) == {
        "time": "09:00",
        "zone": "Europe/Paris",
        "days": "mon, tue, wed, thu, fri",
        "topics": "all",
        "closes": "24",
    }
    sent = {**values(form), "time": "18.15", "days": "daily", "topics": "cnn", "closes": "next"}
    card = await room.send(GRACE, form.action.encode(), **sent)
    assert said(card, "When") == "18:15 Europe/Paris, every day"
    assert said(card, "What") == "Convolutional networks"
    assert said(card, "Closes") == "when the next one is posted; answers can be changed until then"
    wrong = refusal_of(await room.sent(GRACE, form.action.encode(), {**sent, "time": "late"}))
    assert wrong == "I cannot read late as a time of day. Write it as `09:00`, `9`, `9am` or `18:15`."


async def test_a_card_says_everything_about_a_schedule(storage: SqlStorage) -> None:
    room = room_of(storage)
    text = (
        "time:7:05 zone:new_york days:mon,wed topics:mlp,cnn levels:easy,medium closes:6h thread:yes changeable:no "
        "notify:<@&77> holidays:2026-12-24..2027-01-02,2027-05-01 start:2026-12-01 catch_up:90m channel:<#C42|lounge>"
    )
    card = await set_up(room, text)
    assert {field.name: field.value for field in card.fields} == {
        "Channel": "[C42](channel:C42)",
        "When": "07:05 America/New_York, Mon, Wed, from 2026-12-01 on",
        "What": "Neurons, MLPs and backpropagation, Convolutional networks, easy or medium",
        "Closes": "after 6 h; answers cannot be changed until then",
        "Post": "thread: yes; notifies `<@&77>`",
        "When Warmup was not running": "a post that was missed is made up to 1 h 30 m late, else left out",
        "Holidays": "2026-12-24 to 2027-01-02, 2027-05-01",
        "Next post": "Wed 2026-12-02, [2026-12-02 12:05 UTC](time:1796213100)",
        "Questions": "6 of 6 not posted here yet (low)",
    }
    assert room.wall.asked == [("C42", True, "77")]
    assert (await room.command(GRACE, "daily edit")).fields == card.fields


async def test_what_is_in_the_way_is_named_at_setup_and_nothing_is_kept(storage: SqlStorage) -> None:
    room = room_of(storage)
    room.wall.words = OBSTACLE
    told = refusal_of(await room.typed(GRACE, "daily setup", "time:9"))
    assert told == f"{OBSTACLE} Then try again; nothing was changed."
    asked = await room.command(GRACE, "daily setup")
    assert refusal_of(await room.pressed(GRACE, token_of(asked, "Set it up"))).startswith(OBSTACLE)
    assert (await room.command(GRACE, "daily list")).text == "There is none here. Set one up with `/daily setup`."
    room.wall.words = ""
    await set_up(room)


async def test_what_is_in_the_way_is_named_at_an_edit_that_needs_it(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    room.wall.words = OBSTACLE
    assert (await room.command(GRACE, "daily edit", "time:10")).tone is Tone.GOOD
    for change in ("thread:yes", "notify:<!subteam^S1|@study>"):
        assert refusal_of(await room.typed(GRACE, "daily edit", change)).startswith(OBSTACLE)
    kept = (await room.schedule()).plan
    assert (kept.at, kept.thread, kept.notify) == (time(10), False, "")
    room.wall.words = ""
    await room.command(GRACE, "daily edit", "thread:yes notify:<!subteam^S1|@study>")
    assert room.wall.asked[-1] == ("study", True, "S1")
    assert said(await room.command(GRACE, "daily edit"), "Post") == "thread: yes; notifies `<!subteam^S1>`"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("topics:rnn", "No question fits that."),
        ("levels:hard", "No question fits that."),
        ("holidays:2026-01-01..2031-01-01", "No date is left for a post."),
    ],
)
async def test_a_plan_that_never_posts_is_refused(storage: SqlStorage, text: str, problem: str) -> None:
    room = room_of(storage)
    assert refusal_of(await room.typed(GRACE, "daily setup", text)).startswith(problem)
    await set_up(room)
    before = await room.schedule()
    assert refusal_of(await room.typed(GRACE, "daily edit", text)).startswith(problem)
    assert await room.schedule() == before


async def test_each_form_of_the_card_changes_its_parts(storage: SqlStorage) -> None:
    room = room_of(storage)
    card = await set_up(room)
    changes = {
        "When": {"time": "8", "days": "daily", "start": "2026-12-01", "holidays": "2026-12-01"},
        "What": {"topics": "mlp", "levels": "medium", "closes": "2 days", "changeable": "no"},
        "Post": {"thread": "yes", "notify": "<@&5>", "catch_up": "0"},
    }
    for label, change in changes.items():
        form = await room.form(GRACE, token_of(card, label))
        assert set(change) <= set(values(form))
        card = await room.send(GRACE, form.action.encode(), **{**values(form), **change})
        assert card.text.startswith("**Saved.**")
        again = await room.form(GRACE, token_of(card, label))
        assert again.title == f"Schedule 1: {label.lower()}"
        for field in again.inputs:
            assert isinstance(field, TextInput | ChoiceInput)
    kept = await room.schedule()
    assert kept.plan == Plan(
        at=time(8),
        zone="Europe/Berlin",
        weekdays="0123456",
        topics=("ML",),
        levels=("medium",),
        closes=48,
        thread=True,
        changeable=False,
        notify="5",
        holidays="2026-12-01",
        start=date(2026, 12, 1),
        catch_up=0,
    )
    assert kept.next_day == date(2026, 12, 2)
    emptied = await room.form(GRACE, token_of(card, "When"))
    card = await room.send(GRACE, emptied.action.encode(), **{**values(emptied), "start": "", "holidays": ""})
    assert (said(card, "Holidays"), (await room.schedule()).plan.start) == ("none", date.min)


async def test_a_schedule_is_removed_after_a_second_press(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    asked = await room.command(GRACE, "daily remove")
    assert asked.title == "Remove schedule 1?"
    card = await room.press(GRACE, token_of(asked, "Keep it"))
    asked = await room.press(GRACE, token_of(card, "Remove"))
    gone = await room.press(GRACE, token_of(asked, "Remove it"))
    assert gone.text.startswith("Schedule 1 is removed.")
    kept = await room.schedule()
    assert (kept.state, kept.next_day) == (ScheduleState.REMOVED, None)
    told = "There is no schedule 1 here. `/daily list` shows those that there are."
    for label in ("Remove it", "Keep it"):
        assert refusal_of(await room.pressed(GRACE, token_of(asked, label))) == told
    for label in ("When", "Preview", "Pause", "Skip next", "Post now", "Queue", "History"):
        assert refusal_of(await room.pressed(GRACE, token_of(card, label))) == told
    assert refusal_of(await room.typed(GRACE, "daily edit")).startswith("This workspace has no question of the day.")


async def test_several_schedules_are_told_apart_by_number(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room, "time:9")
    assert (await room.command(GRACE, "daily edit", "time:10")).title.endswith("schedule 1")
    await set_up(room, "time:18")
    told = refusal_of(await room.typed(GRACE, "daily edit", "time:11"))
    assert told == ("There are several schedules: `1`, `2`. Say which, such as `schedule:1`; `/daily list` shows them.")
    for typed in ("schedule:2", "schedule:#2"):
        assert (await room.command(GRACE, "daily edit", f"time:11 {typed}")).title.endswith("schedule 2")
    await set_up(room, "channel:<#C7>")
    room.channel = replace(room.channel, id="C7")
    assert (await room.command(GRACE, "daily edit")).title.endswith("schedule 3")
    assert said(await room.command(GRACE, "daily edit", "schedule:2"), "Channel") == "[study](channel:study)"
    assert refusal_of(await room.typed(GRACE, "daily edit", "schedule:4")).startswith("There is no schedule 4 here.")


async def test_a_list_shows_five_at_a_time_and_fifty_are_enough(storage: SqlStorage) -> None:
    room = room_of(storage)
    for minute in range(50):
        await set_up(room, f"time:9:{minute:02} days:mon")
    told = refusal_of(await room.typed(GRACE, "daily setup", "time:12"))
    assert told == "This workspace has 50 schedules already. Remove one with `/daily list` first."
    page = await room.command(GRACE, "daily list")
    parts = page.text.split("\n\n")
    assert len(parts) == 5
    assert parts[0].splitlines() == [
        "**1** · this channel",
        "09:00 Europe/Paris, Mon; all topics; closes after 24 h",
        "Mon 2026-11-30, [2026-11-30 08:00 UTC](time:1796025600)",
        "6 of 6 not posted here yet (low)",
    ]
    for _ in range(9):
        page = await room.press(GRACE, token_of(page, "Later"))
    assert page.text.split("\n\n")[-1].startswith("**50** · ")
    with pytest.raises(AssertionError):
        token_of(page, "Later")
    card = await room.press(GRACE, token_of(page, "Open one"), "47")
    assert card.title == "Question of the day, schedule 47"
    assert (await room.press(GRACE, token_of(page, "Earlier"))).text.startswith("**41** · ")


async def test_another_moderator_may_change_what_one_set_up(storage: SqlStorage) -> None:
    room = room_of(storage)
    await set_up(room)
    other = someone("Hedy", role=Role.MODERATOR)
    assert said(await room.command(other, "daily edit", "time:10"), "When") == "10:00 Europe/Berlin, Mon–Fri"
    assert (await room.schedule()).owner == GRACE.user
    assert room.clock.now() == MONDAY
    assert not isinstance(await room.pressed(other, "schedule-card.1:1"), Opened)
