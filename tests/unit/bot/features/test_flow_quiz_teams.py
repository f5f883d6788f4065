"""Live rounds in which teams play: an answer counts for the team of whoever gives it, and nobody is left out."""

from __future__ import annotations

from adapters.storage.work import SqlStorage
from tests.support.contest_rows import team
from tests.support.items import truth
from tests.support.quiz_room import QuizRoom
from tests.support.room import ADA, BOB, token_of
from tests.support.rows import differences, enter, hide
from tests.support.world import someone

EVE, DAN = someone("Eve"), someone("Dan")


async def room_with_teams(storage: SqlStorage) -> QuizRoom:
    await team(storage, "Owls", "Ada", "Bob", emoji="🦉")
    await team(storage, "*Foxes* @everyone", "Eve", emoji="🦉")
    return QuizRoom(storage, *(truth(id=f"ml-t{place}") for place in range(6)))


async def test_an_answer_counts_for_the_team_and_whoever_has_none_is_told_that_they_play_alone(
    storage: SqlStorage,
) -> None:
    room = await room_with_teams(storage)
    lobby = await room.start("mode:teams questions:3")
    assert "for their team; whoever is in none plays for themselves" in lobby.fields[1].value
    assert "You play for 🦉 Owls." in (await room.press(ADA, token_of(lobby, "Join"))).text
    assert "You are in no team, so you play for yourself." in (await room.press(DAN, token_of(lobby, "Join"))).text
    await room.press(ADA, token_of(lobby, "Start now"))
    await room.work()
    for place in (1, 2, 3):
        await room.until_question(place)
        assert "You play for 🦉 Owls." in (await room.say(ADA, "False")).text
        assert "You play for 🦉 Owls." in (await room.say(BOB, "False")).text
        assert "You play for 🦉 \\*Foxes\\* \\@everyone." in (await room.say(EVE, "False")).text
        assert "so you play for yourself" in (await room.say(DAN, "False" if place == 1 else "True")).text
    end = await room.until_over()
    assert end.text == (
        "**1.** 🦉 Owls · 30.0 per member\n"
        "**2.** 🦉 \\*Foxes\\* \\@everyone · 15.0 per member\n"
        "**3.** Dan · 5.0 per member"
    )
    assert [image.name for image in end.images] == ["podium.png"]
    assert await differences(storage) == []


async def test_somebody_who_hides_still_earns_for_their_team(storage: SqlStorage) -> None:
    room = await room_with_teams(storage)
    await hide(storage, await enter(storage, "Bob"))
    await room.begin("mode:teams questions:3", (ADA, BOB))
    await room.say(ADA, "True")
    await room.say(BOB, "False")
    await room.pass_seconds(2)
    assert room.told[-1].message.fields[2].value == "**1.** 🦉 Owls · 5.0 per member"
    assert "Bob" not in str(room.board.notices)


async def test_in_other_modes_people_play_for_themselves(storage: SqlStorage) -> None:
    room = await room_with_teams(storage)
    await room.begin()
    assert "You play for" not in (await room.say(ADA, "False")).text
    await room.say(BOB, "True")
    await room.pass_seconds(2)
    assert room.told[-1].message.fields[2].value == "**1.** Ada · 15 points"
