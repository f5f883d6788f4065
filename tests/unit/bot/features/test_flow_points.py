"""What answers earn over days, seasons and the daily limit; and how ``/progress`` tells it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.storage.work import SqlStorage
from bot.message import Message
from bot.practice.calendar import Season
from tests.support.items import number, real_taxonomy, truth
from tests.support.room import ADA, BOB, Room, token_of
from tests.support.world import MONDAY, StillClock, someone

NOBODY = "Nothing answered yet. Press Practise for a first question, or type `/practice`."
NO_POINTS = "No points yet. The first right answer to a question in a season pays; try `/practice`."
OFTEN = "No points: this question has already paid you this season"
DAILY = "No points: you have today's 20 practice points, the daily limit"


def earned(message: Message) -> str:
    """Return what a footer says of points."""
    return message.footer.split(" · ")[0]


def told(message: Message) -> dict[str, str]:
    """Return the fields of a message."""
    return {field.name: field.value for field in message.fields}


async def test_nobody_has_made_progress_before_the_first_answer(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    for _ in range(2):
        message = await room.command(ADA, "progress")
        assert (message.text, message.fields) == (NOBODY, ())
        assert (await room.command(ADA, "progress", "points")).text == NO_POINTS
        await room.command(ADA, "practice")


async def test_progress_adds_up(storage: SqlStorage) -> None:
    room = Room(storage, number(id="cn-n"), truth(id="op-t"))
    await room.earn(ADA)
    await room.press(ADA, token_of(await room.command(ADA, "practice", "kind:truth"), "True"))
    await room.press(ADA, token_of(await room.command(ADA, "practice", "kind:truth"), "False"))
    message = await room.command(ADA, "progress")
    assert message.text == "Streak: **1 day**, best 1 day. Today is done."
    assert told(message) == {
        "Answers": "3, of which 2 all right (67 %)",
        "Points here": "30 this week · 30 this month · 30 in all",
        "Practice points today": "30 of at most 200",
        "Accuracy by topic": "Convolutional networks: 100 % of 1\nOptimisation: 50 % of 2",
    }
    assert (await room.command(BOB, "progress")).text == NOBODY


async def test_points_count_for_the_week_and_the_month_in_which_they_came(storage: SqlStorage) -> None:
    room = Room(storage, number(), clock=StillClock(datetime(2026, 11, 29, 12, tzinfo=UTC)))
    await room.earn(ADA)
    room.clock.pass_time(days=1)
    assert told(await room.command(ADA, "progress"))["Points here"] == "0 this week · 15 this month · 15 in all"
    room.clock.pass_time(days=1)
    assert told(await room.command(ADA, "progress"))["Points here"] == "0 this week · 0 this month · 15 in all"
    await room.earn(ADA)
    assert told(await room.command(ADA, "progress"))["Points here"] == "15 this week · 15 this month · 30 in all"


@pytest.mark.parametrize(
    ("season", "last", "anew"),
    [
        (Season.MONTH, datetime(2026, 11, 30, 23, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
        (Season.QUARTER, datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (Season.YEAR, datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
async def test_a_question_pays_once_a_season(
    storage: SqlStorage, season: Season, last: datetime, anew: datetime
) -> None:
    room = Room(storage, number(), season=season)
    assert earned(await room.earn(ADA)) == "+15 points: right"
    room.clock.at = last
    assert earned(await room.earn(ADA)) == OFTEN
    room.clock.at = anew
    assert earned(await room.earn(ADA)) == "+15 points: right"


async def test_a_season_changes_where_the_workspace_is(storage: SqlStorage) -> None:
    room = Room(storage, number(), zone="America/Santiago")
    await room.earn(ADA)
    room.clock.at = datetime(2026, 12, 1, 2, 59, tzinfo=UTC)
    assert earned(await room.earn(ADA)) == OFTEN
    room.clock.at = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
    assert earned(await room.earn(ADA)) == "+15 points: right"


async def test_a_better_answer_pays_the_rest(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    hinted = await room.press(ADA, token_of(await room.command(ADA, "practice"), "Hint (−5 points)"))
    assert earned(await room.press(ADA, token_of(hinted, "False"))) == "+10 points: right, with a hint"
    again = await room.command(ADA, "practice")
    assert earned(await room.press(ADA, token_of(again, "False"))) == "+5 points: right, 10 paid before"


async def test_a_question_pays_each_person(storage: SqlStorage) -> None:
    room = Room(storage, number())
    assert earned(await room.earn(ADA)) == earned(await room.earn(BOB)) == "+15 points: right"


async def test_a_day_pays_no_more_than_its_limit(storage: SqlStorage) -> None:
    room = Room(storage, number(id="ml-a"), number(id="ml-b"), number(id="ml-c"), cap=20)
    assert earned(await room.earn(ADA)) == "+15 points: right"
    assert earned(await room.earn(ADA)) == "+5 points: right, cut to the daily limit of 20"
    assert earned(await room.earn(ADA)) == DAILY
    assert told(await room.command(ADA, "progress"))["Practice points today"] == "20 of at most 20"
    assert earned(await room.earn(BOB)) == "+15 points: right"
    room.clock.pass_time(days=1)
    assert told(await room.command(ADA, "progress"))["Practice points today"] == "0 of at most 20"


async def test_the_limit_is_of_a_persons_own_day(storage: SqlStorage) -> None:
    room = Room(storage, *(number(id=f"ml-{at}") for at in range(4)), cap=15)
    kei, ada = someone("Kei", zone="Asia/Tokyo"), someone("Ada")
    room.clock.at = datetime(2026, 11, 23, 14, 59, tzinfo=UTC)
    await room.earn(kei)
    await room.earn(ada)
    room.clock.at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    assert earned(await room.earn(kei)) == "+15 points: right"
    assert earned(await room.earn(ada)) == "No points: you have today's 15 practice points, the daily limit"


async def test_a_board_counts_the_workspaces_week_whatever_day_a_person_has(storage: SqlStorage) -> None:
    room = Room(storage, number(), clock=StillClock(datetime(2026, 11, 29, 16, tzinfo=UTC)))
    kei = someone("Kei", zone="Asia/Tokyo")
    await room.earn(kei)
    assert told(await room.command(kei, "progress"))["Points here"] == "15 this week · 15 this month · 15 in all"
    room.clock.pass_time(hours=9)
    assert told(await room.command(kei, "progress"))["Points here"] == "0 this week · 15 this month · 15 in all"


async def test_a_streak_grows_stands_and_ends(storage: SqlStorage) -> None:
    room = Room(storage, number())
    assert " · streak: 1 day · " in (await room.earn(ADA)).footer
    assert "streak" not in (await room.earn(ADA)).footer
    room.clock.pass_time(days=1)
    assert (await room.command(ADA, "progress")).text == (
        "Streak: **1 day**, best 1 day. **One answer today keeps it.**"
    )
    assert " · streak: 2 days · " in (await room.earn(ADA)).footer
    assert (await room.command(ADA, "progress")).text == "Streak: **2 days**, best 2 days. Today is done."
    room.clock.pass_time(days=2)
    assert (await room.command(ADA, "progress")).text == (
        "No streak at the moment; your best is 2 days. One answer today starts a new one."
    )
    assert " · streak: 1 day · " in (await room.earn(ADA)).footer


async def test_a_wrong_answer_keeps_a_streak_and_a_skip_does_not(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    await room.press(ADA, token_of(await room.command(ADA, "practice"), "Skip"))
    assert (await room.command(ADA, "progress")).text == NOBODY
    result = await room.press(ADA, token_of(await room.command(ADA, "practice"), "True"))
    assert result.footer == "No points: a wrong answer costs nothing and earns nothing · streak: 1 day · `ml-truth`"


async def test_each_point_has_its_reason(storage: SqlStorage) -> None:
    room = Room(storage, number(id="ml-a", level="hard"), truth(id="ml-b"))
    await room.earn(ADA)
    room.clock.pass_time(hours=1)
    await room.press(ADA, token_of(await room.command(ADA, "practice", "kind:truth"), "False"))
    message = await room.press(ADA, token_of(await room.command(ADA, "progress"), "Why these points?"))
    assert message == await room.command(ADA, "progress", "show:points")
    first, second = f"{MONDAY.timestamp():.0f}", f"{MONDAY.timestamp() + 3600:.0f}"
    assert message.text.splitlines() == [
        f"**+15** practice, right · `ml-b` · [2026-11-23 13:00 UTC](time:{second})",
        f"**+20** practice, right · `ml-a` · [2026-11-23 12:00 UTC](time:{first})",
    ]
    assert message.rows == ()


@pytest.mark.parametrize("count", [9, 10, 11, 20, 21])
async def test_older_reasons_are_pages_back_and_none_of_them_is_empty(storage: SqlStorage, count: int) -> None:
    room = Room(storage, number())
    for points in range(1, count + 1):
        await room.give(ADA, points)
    message = await room.command(ADA, "progress", "points")
    pages = [message.text.splitlines()]
    while message.rows:
        message = await room.press(ADA, token_of(message, "Older"))
        pages.append(message.text.splitlines())
    assert [len(page) for page in pages] == [10] * (count // 10) + [count % 10] * bool(count % 10)
    shown = [line.split("**")[1] for page in pages for line in page]
    assert shown == [f"+{points}" for points in range(count, 0, -1)]


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 19])
async def test_a_malformed_page_is_the_first(storage: SqlStorage, before: str) -> None:
    room = Room(storage, number())
    await room.earn(ADA)
    assert await room.press(ADA, f"points-before.1:{before}") == await room.command(ADA, "progress", "points")


async def test_progress_in_every_topic_fits(storage: SqlStorage) -> None:
    topics = real_taxonomy().topics
    room = Room(storage, *(number(subtopic=f"{topic.code}1") for topic in topics))
    for _ in topics:
        await room.earn(ADA)
    lines = told(await room.command(ADA, "progress"))["Accuracy by topic"].splitlines()
    assert len(lines) == 13
    assert lines[-1] == f"and {len(topics) - 12} more"


async def test_a_topic_that_the_taxonomy_lost_is_left_out(storage: SqlStorage) -> None:
    room = Room(storage, number())
    await room.earn(ADA)
    async with storage.transaction() as work:
        person = await work.people.enter(ADA, room.clock.now())
        await work.servings.count(person.id, "ZZ", 1000)
    assert told(await room.command(ADA, "progress"))["Accuracy by topic"].count("\n") == 0
