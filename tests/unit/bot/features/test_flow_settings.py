"""Zone, name and hiding: by words, by form and by button."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.storage.work import SqlStorage
from bot.message import Message, TextInput, Tone
from tests.support.items import number
from tests.support.room import ADA, Room, refusal_of, token_of
from tests.support.world import someone

SHOWN = {"Time zone": "`UTC`, not chosen by you", "Name on boards": "Ada, as this platform knows you",
         "On boards": "shown", "Reminders": "off"}  # fmt: skip
TO_COME = "; your days follow it from [2026-11-24 00:00 UTC](time:1795478400) on"


def told(message: Message) -> dict[str, str]:
    return {field.name: field.value for field in message.fields}


async def test_nothing_is_chosen_at_first_and_looking_changes_nothing(storage: SqlStorage) -> None:
    room = Room(storage, number())
    for _ in range(2):
        message = await room.command(ADA, "settings")
        assert told(message) == SHOWN
        assert message.tone is Tone.PLAIN
        await room.command(ADA, "practice")


async def test_the_platforms_zone_counts_until_another_is_chosen(storage: SqlStorage) -> None:
    room = Room(storage, number(), zone="Europe/Berlin")
    kei = someone("Kei", zone="Asia/Tokyo")
    assert told(await room.command(kei, "settings"))["Time zone"] == "`Asia/Tokyo`, not chosen by you"
    await room.earn(kei)
    assert told(await room.command(kei, "settings"))["Time zone"] == "`Asia/Tokyo`, not chosen by you"
    chosen = "`America/Lima`; your days follow it from [2026-11-23 15:00 UTC](time:1795446000) on"
    assert told(await room.command(kei, "settings", "lima"))["Time zone"] == chosen
    room.clock.pass_time(hours=3)
    assert told(await room.command(kei, "settings"))["Time zone"] == "`America/Lima`"
    assert told(await room.command(ADA, "settings"))["Time zone"] == "`Europe/Berlin`, not chosen by you"


@pytest.mark.parametrize("zone", ["Mars/Base", "Europe", "\0", "x" * 300])
async def test_a_platforms_zone_that_is_none_is_passed_over(storage: SqlStorage, zone: str) -> None:
    room = Room(storage, number(), zone="Europe/Berlin")
    kei = someone("Kei", zone=zone)
    assert told(await room.command(kei, "settings"))["Time zone"] == "`Europe/Berlin`, not chosen by you"
    assert (await room.earn(kei)).title == "Right · +15 points"
    assert told(await room.command(kei, "settings"))["Time zone"] == "`Europe/Berlin`, not chosen by you"


async def test_several_settings_change_at_once(storage: SqlStorage) -> None:
    room = Room(storage, number())
    message = await room.command(ADA, "settings", 'zone:berlin name:"Ada *L*" hidden:yes reminders:yes')
    assert (message.text, message.tone) == ("Saved.", Tone.GOOD)
    assert told(message) == {
        "Time zone": f"`Europe/Berlin`{TO_COME}",
        "Name on boards": r"Ada \*L\*",
        "On boards": "hidden: your points count for you alone",
        "Reminders": "on: a message when a day of your streak is at stake",
    }
    assert told(await room.command(ADA, "settings")) == told(message)


async def test_one_setting_leaves_the_others_alone(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.command(ADA, "settings", "zone:berlin name:Countess")
    message = await room.command(ADA, "settings", "hidden:yes")
    assert told(message)["Time zone"] == f"`Europe/Berlin`{TO_COME}"
    assert told(message)["Name on boards"] == "Countess"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("zone:Berlni", "I do not know the time zone Berlni."),
        ("zone:../etc", r"I do not know the time zone \.\.\/etc."),
        ("name:***", "That name has no letter and no digit."),
        ("name:" + "x" * 33, "That name is 33 characters long."),
        ("hidden:maybe", "I do not know that hidden."),
        ("reminders:maybe", "I do not know that reminders."),
        ("zone:" + "-" * 3900, r"I do not know the time zone \-"),
    ],
)
async def test_what_cannot_be_is_told_and_changes_nothing(storage: SqlStorage, text: str, problem: str) -> None:
    room = Room(storage, number())
    assert refusal_of(await room.typed(ADA, "settings", text)).startswith(problem)
    assert told(await room.command(ADA, "settings")) == SHOWN


async def test_a_bad_part_keeps_the_good_ones_from_being_saved(storage: SqlStorage) -> None:
    room = Room(storage, number())
    refusal_of(await room.typed(ADA, "settings", "zone:berlin name:***"))
    assert told(await room.command(ADA, "settings")) == SHOWN


async def test_the_form_starts_with_what_is_chosen_and_an_emptied_field_goes_back(storage: SqlStorage) -> None:
    room = Room(storage, number())
    message = await room.command(ADA, "settings", "zone:berlin name:Countess")
    form = await room.form(ADA, token_of(message, "Edit"))
    fields = [field for field in form.inputs if isinstance(field, TextInput)]
    assert [(field.name, field.value) for field in fields] == [("zone", "Europe/Berlin"), ("name", "Countess")]
    assert not any(field.required for field in fields)
    saved = await room.send(ADA, form.action.encode(), zone="", name="")
    assert told(saved) == {**SHOWN, "Time zone": f"`UTC`, not chosen by you{TO_COME}"}
    assert saved.text == "Saved."


async def test_the_form_saves_and_refuses_like_the_command(storage: SqlStorage) -> None:
    room = Room(storage, number())
    form = await room.form(ADA, "settings-edit.1")
    token = form.action.encode()
    assert told(await room.send(ADA, token, zone="tokyo", name="Countess"))["Time zone"] == f"`Asia/Tokyo`{TO_COME}"
    assert "time zone" in refusal_of(await room.sent(ADA, token, {"zone": "xyzzy", "name": ""}))
    assert told(await room.command(ADA, "settings"))["Name on boards"] == "Countess"


async def test_the_form_opens_for_the_longest_name(storage: SqlStorage) -> None:
    room = Room(storage, number())
    long = someone("*" * 300)
    assert told(await room.command(long, "settings"))["Name on boards"].startswith(r"\*\*")
    assert len((await room.form(long, "settings-edit.1")).inputs) == 2
    await room.earn(long)
    assert len((await room.form(long, "settings-edit.1")).inputs) == 2


async def test_a_button_hides_and_shows(storage: SqlStorage) -> None:
    room = Room(storage, number())
    hidden = await room.press(ADA, token_of(await room.command(ADA, "settings"), "Hide me from boards"))
    assert told(hidden)["On boards"] == "hidden: your points count for you alone"
    shown = await room.press(ADA, token_of(hidden, "Show me on boards"))
    assert told(shown)["On boards"] == "shown"
    assert refusal_of(await room.pressed(ADA, "settings-hide.1:maybe")).startswith("That is neither yes nor no.")


async def test_reminders_are_for_those_who_want_them(storage: SqlStorage) -> None:
    room = Room(storage, number())
    on = await room.press(ADA, token_of(await room.command(ADA, "settings"), "Remind me"))
    assert told(on)["Reminders"] == "on: a message when a day of your streak is at stake"
    assert told(await room.command(ADA, "settings", "name:Countess"))["Reminders"] == told(on)["Reminders"]
    off = await room.press(ADA, token_of(on, "Do not remind me"))
    assert told(off)["Reminders"] == "off"
    assert told(await room.command(ADA, "settings", "reminders:yes"))["Reminders"] == told(on)["Reminders"]
    assert told(await room.command(ADA, "settings", "reminders:no"))["Reminders"] == "off"
    assert refusal_of(await room.pressed(ADA, "settings-remind.1:maybe")).startswith("That is neither yes nor no.")


async def test_a_chosen_zone_moves_the_day_at_the_next_midnight(storage: SqlStorage) -> None:
    room = Room(storage, number())
    room.clock.at = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    await room.earn(ADA)
    await room.command(ADA, "settings", "zone:Asia/Tokyo")
    assert "Today is done." in (await room.command(ADA, "progress")).text
    assert "streak" not in (await room.earn(ADA)).footer
    room.clock.pass_time(hours=4)
    assert "One answer today keeps it." in (await room.command(ADA, "progress")).text
    assert " · streak: 2 days · " in (await room.earn(ADA)).footer
    await room.command(ADA, "settings", "zone:America/Los_Angeles")
    room.clock.pass_time(hours=15)
    assert "Today is done." in (await room.command(ADA, "progress")).text
    assert "streak" not in (await room.earn(ADA)).footer
    room.clock.pass_time(hours=17)
    assert " · streak: 3 days · " in (await room.earn(ADA)).footer


async def test_a_form_that_changes_no_zone_moves_nobody(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.command(ADA, "settings", "zone:berlin")
    room.clock.pass_time(days=1)
    saved = await room.send(ADA, "settings-save.1", zone="Europe/Berlin", name="Countess")
    assert told(saved)["Time zone"] == "`Europe/Berlin`"
