"""Even teams from last month's results: proposed to a moderator, shuffled, accepted, and refused when stale."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.storage.work import SqlStorage
from bot.competition.balance import NAMES
from bot.features.team_view import ROSTER
from bot.message import Message
from tests.support.databases import KINDS, open_database
from tests.support.room import refusal_of, token_of
from tests.support.team_room import ADA, BOB, CYD, DAN, EVE, GRACE, TeamRoom, compete, expect_balanced, field
from tests.support.world import someone


@pytest.fixture(params=KINDS)
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlStorage]:
    async with open_database(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
async def room(storage: SqlStorage) -> TeamRoom:
    """Return a room a month after five people earned something: Ada and Bob in a team, Cyd, Dan and Eve in none."""
    made = TeamRoom(storage)
    await made.found(ADA, "Gradients", BOB)
    for who, points in ((ADA, 10), (BOB, 20), (CYD, 30), (DAN, 40), (EVE, 50)):
        await made.give(who, points)
    made.clock.pass_time(days=14)
    return made


def proposed(message: Message) -> list[tuple[str, int, list[str]]]:
    """Return the names, sums and people of the teams that a message lists."""
    found = re.findall(r"^\S+ \*\*([^*]+)\*\* · (\d+) points: (.*)$", message.text, re.MULTILINE)
    return [(name, int(points), _by_name(re.split(", | and ", people))) for name, points, people in found]


def _by_name(people: list[str]) -> list[str]:
    """Return people as the room tells who is in a team: the captain first, the others by name."""
    return [people[0], *sorted(people[1:])]


async def test_those_without_a_team_are_put_into_even_ones(room: TeamRoom) -> None:
    message = await room.command(GRACE, "team balance", "teams:2")
    squads = proposed(message)
    assert sorted(one for _, _, people in squads for one in people) == ["Cyd", "Dan", "Eve"]
    assert sum(points for _, points, _ in squads) == 120
    assert all(name in NAMES for name, _, _ in squads)
    assert "Gradients" not in {name for name, _, _ in squads}
    assert await room.teams() == {"Gradients": ["Ada", "Bob"]}
    made = await room.press(GRACE, token_of(message, "Accept"))
    assert (made.title, proposed(made)) == ("The teams are made", squads)
    assert await room.teams() == {"Gradients": ["Ada", "Bob"], **{name: people for name, _, people in squads}}
    await expect_balanced(room.rows)


async def test_everybody_moves_and_teams_left_empty_end(room: TeamRoom) -> None:
    message = await room.command(GRACE, "team balance", "who:everyone size:3")
    squads = proposed(message)
    assert sorted(one for _, _, people in squads for one in people) == ["Ada", "Bob", "Cyd", "Dan", "Eve"]
    sums = [points for _, points, _ in squads]
    assert max(sums) - min(sums) <= 50
    assert "the teams that they are in now" in message.text
    made = await room.press(GRACE, token_of(message, "Accept"))
    assert made.text.endswith("Left empty, and disbanded: 🚀 **Gradients**.")
    assert await room.teams() == {name: people for name, _, people in squads}
    board = await room.command(GRACE, "leaderboard", "who:teams period:all")
    assert "🚀 Gradients · 10.0 per member" in board.text  # what they earned stays there
    await expect_balanced(room.rows)


async def test_shuffling_gives_other_teams_of_the_same_people(room: TeamRoom) -> None:
    message = await room.command(GRACE, "team balance", "who:everyone teams:2")
    seen = {str(sorted(people for _, _, people in proposed(message)))}
    for _ in range(12):
        message = await room.press(GRACE, token_of(message, "Shuffle again"))
        assert sorted(one for _, _, people in proposed(message) for one in people) == [
            "Ada",
            "Bob",
            "Cyd",
            "Dan",
            "Eve",
        ]
        seen.add(str(sorted(people for _, _, people in proposed(message))))
    assert len(seen) > 1
    assert await room.teams() == {"Gradients": ["Ada", "Bob"]}


async def test_a_proposal_that_fits_no_more_is_shown_anew_and_changes_nothing(room: TeamRoom) -> None:
    message = await room.command(GRACE, "team balance", "teams:2")
    await room.command(EVE, "team join", "Gradients")
    before = await room.teams()
    anew = await room.press(GRACE, token_of(message, "Accept"))
    assert anew.text.startswith("**People or results have changed, so nothing was done.**")
    assert sorted(one for _, _, people in proposed(anew) for one in people) == ["Cyd", "Dan"]
    assert await room.teams() == before
    made = await room.press(GRACE, token_of(anew, "Accept"))
    assert made.title == "The teams are made"
    assert await room.teams() == {**before, **{name: people for name, _, people in proposed(anew)}}
    again = await room.pressed(GRACE, token_of(anew, "Accept"))
    assert refusal_of(again).startswith("Last month's results name 0 people for 2 teams.")


async def test_a_name_that_was_taken_meanwhile_is_proposed_no_more(room: TeamRoom) -> None:
    message = await room.command(GRACE, "team balance", "teams:2")
    name = proposed(message)[0][0]
    await room.found(someone("Zed"), name)
    anew = await room.press(GRACE, token_of(message, "Accept"))
    assert anew.text.startswith("**People or results have changed")
    assert name not in {other for other, _, _ in proposed(anew)}


async def test_hidden_people_are_left_out_and_counted(room: TeamRoom) -> None:
    await room.hide(BOB)
    await room.hide(CYD)
    message = await room.command(GRACE, "team balance", "who:everyone teams:2")
    assert "2 people who are hidden are left out and stay where they are." in message.text
    assert not {"Bob", "Cyd"} & {one for _, _, people in proposed(message) for one in people}
    await room.press(GRACE, token_of(message, "Accept"))
    assert (await room.teams())["Gradients"] == ["Bob"]  # whom nobody names stays, and leads now
    assert "1 of 8 people" in {one.name for one in (await room.command(BOB, "team show")).fields}
    await expect_balanced(room.rows)


async def test_points_of_this_month_and_of_before_do_not_count(room: TeamRoom) -> None:
    await room.give(ADA, 500)
    message = await room.command(GRACE, "team balance", "who:everyone teams:2")
    assert sum(points for _, points, _ in proposed(message)) == 150
    room.clock.pass_time(days=40)
    told = refusal_of(await room.typed(GRACE, "team balance", "teams:2"))
    assert told.startswith("Last month's results name 0 people for 2 teams.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("teams:4", "Last month's results name 3 people for 4 teams."),
        ("teams:2 size:2", "The number of teams or their size, not both."),
        ("teams:1", "`teams` takes a number from 2 to 20."),
        ("teams:21", "`teams` takes a number from 2 to 20."),
        ("size:1", "`size` takes a number from 2 to 50."),
        ("size:many", "`size` takes a number from 2 to 50."),
        ("who:nobody", "I do not know that who."),
    ],
)
async def test_what_cannot_be_is_refused_with_a_next_step(room: TeamRoom, text: str, told: str) -> None:
    refused = refusal_of(await room.typed(GRACE, "team balance", text))
    assert refused.startswith(told)
    assert len(refused) > len(told) + 10


async def test_teams_are_no_larger_than_the_limit(room: TeamRoom) -> None:
    await room.command(GRACE, "team limit", "2")
    told = refusal_of(await room.typed(GRACE, "team balance", "who:everyone teams:2"))
    assert told.startswith("5 people in 2 teams are more than 2 in one")
    assert len(proposed(await room.command(GRACE, "team balance", "who:everyone"))) == 3


@pytest.mark.parametrize(
    "token",
    [
        "team-accept.1:x:free:1:d",
        "team-accept.1:2.0:nobody:1:d",
        "team-accept.1:2.0:free:99999999999:d",
        "team-shuffle.1:2.0:free:-1",
        "team-shuffle.1:200.0:free:1",
        "team-shuffle.1:2.0:free:",
    ],
)
async def test_controls_of_hostile_clients_do_nothing(room: TeamRoom, token: str) -> None:
    assert refusal_of(await room.pressed(GRACE, token)).endswith("Type `/team balance` for another.")
    assert await room.teams() == {"Gradients": ["Ada", "Bob"]}


async def test_a_forged_number_of_teams_is_refused(room: TeamRoom) -> None:
    for token in ("team-shuffle.1:99.0:free:1", "team-accept.1:99.0:everyone:1:d", "team-accept.1:1.1:everyone:1:d"):
        reply = await room.pressed(GRACE, token)
        assert "Accept" in str(reply) or refusal_of(reply)
    assert await room.teams() == {"Gradients": ["Ada", "Bob"]}


async def test_a_competition_that_runs_goes_on_as_it_was(room: TeamRoom) -> None:
    await compete(room, await room.of(ADA))
    message = await room.command(GRACE, "team balance", "who:everyone teams:2")
    assert (await room.press(GRACE, token_of(message, "Accept"))).text.endswith(ROSTER)


async def test_twenty_teams_of_people_with_long_names_fit(storage: SqlStorage) -> None:
    room = TeamRoom(storage)
    for number in range(60):
        await room.give(replace(someone(f"P{number}"), name=f"{number:02}{'*' * 90}"), number + 1)
    room.clock.pass_time(days=14)
    message = await room.command(GRACE, "team balance", "teams:20")
    assert len(proposed(message)) == 20
    made = await room.press(GRACE, token_of(message, "Accept"))
    assert len(proposed(made)) == 20
    assert sorted(map(len, (await room.teams()).values())) == [3] * 20
    captain = (await room.command(GRACE, "team show", f'team:"{proposed(made)[0][0]}"')).fields[0]
    assert "(captain)" in field(Message(fields=(captain,)), captain.name)
