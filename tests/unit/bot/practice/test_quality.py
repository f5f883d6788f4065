"""What a process remembers of the questions, what an answer costs, and statistics counted anew from history."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event

from adapters.storage.work import SqlStorage, open_storage
from bot.errors import NothingFound
from bot.judging import Edition
from bot.practice.calendar import Calendar
from bot.practice.quality import LEVELS_KEPT, OUT_KEPT, Known
from bot.practice.service import Practice, Result, Revealed, Rules
from bot.refs import Role, WorkspaceRef
from questions.bank import Filter
from questions.generate import FAMILIES
from questions.model import Level
from questions.statistics import WHOLE, Sums, Tally
from tests.support.items import bank_of, many, one, text, truth
from tests.support.judged import keep
from tests.support.world import HOME, UTC_ZONE, StillClock, someone

FAMILY = FAMILIES["cn-conv-output-size"]
BANK = replace(bank_of(one(shuffle=False), many(shuffle=False), text()), families={FAMILY.id: FAMILY})
GRACE = someone("Grace", role=Role.MODERATOR)
NAMES = ("Ada", "Bob", "Cyd")


def practice(storage: SqlStorage, clock: StillClock) -> Practice:
    """Return the use case as a process that was just started has it."""
    return Practice(storage, BANK, clock, random.Random(3), Rules(Calendar(UTC_ZONE), 1000))


async def answer(process: Practice, name: str, kind: str, response: str) -> Result | Revealed:
    shown = await process.serve(someone(name), HOME, Filter(kind=kind))
    return await process.answer(someone(name), shown.serving, response)


async def report(process: Practice, *names: str) -> None:
    """Let people report the question that has options of which one is best."""
    for name in names:
        shown = await process.serve(someone(name), HOME, Filter(kind="one"))
        assert await process.quality.report(someone(name), shown.serving, "key", "")


async def is_drawn(process: Practice) -> bool:
    try:
        await process.serve(someone("Zoe"), HOME, Filter(kind="one"))
    except NothingFound:
        return False
    return True


async def tallies(storage: SqlStorage) -> dict[Edition, Tally]:
    async with storage.snapshot() as work:
        return dict(await work.item_stats.tallies())


@contextmanager
def statements(storage: SqlStorage) -> Iterator[list[str]]:
    """Collect what the database is asked."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(storage.engine.sync_engine, "before_cursor_execute", note)
    yield said
    event.remove(storage.engine.sync_engine, "before_cursor_execute", note)


def about(said: list[str]) -> int:
    """Return how many statements are for statistics, levels and rulings alone."""
    return sum("item_stats" in one or "rulings" in one or one.startswith("UPDATE sightings") for one in said)


@pytest.mark.parametrize(("kind", "response"), [("one", "D"), ("many", "ABC"), ("number", "7")])
async def test_a_first_answer_costs_two_statements_more_and_a_later_one_one(
    storage: SqlStorage, kind: str, response: str
) -> None:
    process = practice(storage, StillClock())
    costs = []
    for most in (19, 14):
        shown = await process.serve(someone(), HOME, Filter(kind=kind))
        with statements(storage) as said:
            await process.answer(someone(), shown.serving, response)
        costs.append(about(said))
        assert len(said) <= most
    assert costs == [2, 1]


async def test_drawing_asks_for_levels_and_rulings_only_when_they_are_old(storage: SqlStorage) -> None:
    clock = StillClock()
    process = practice(storage, clock)
    costs = []
    for seconds in (0, 0, OUT_KEPT.total_seconds(), LEVELS_KEPT.total_seconds(), 1):
        clock.pass_time(seconds=seconds)
        with statements(storage) as said:
            await process.serve(someone(), HOME, Filter())
        costs.append(about(said))
    assert costs == [2, 0, 1, 2, 0]


async def test_of_many_who_need_levels_at_once_one_reads_them(storage: SqlStorage) -> None:
    process = practice(storage, StillClock())
    with statements(storage) as said:
        await asyncio.gather(*(process.quality.known() for _ in range(20)))
    assert about(said) == 2


async def test_a_reading_that_fails_is_tried_again(storage: SqlStorage) -> None:
    process = practice(storage, StillClock())

    def fail(*_: object) -> None:
        raise RuntimeError

    event.listen(storage.engine.sync_engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        await process.quality.known()
    event.remove(storage.engine.sync_engine, "before_cursor_execute", fail)
    assert await process.quality.known() == Known({}, {})


async def test_a_third_report_counts_at_once_here_and_within_a_minute_elsewhere(storage: SqlStorage) -> None:
    clock = StillClock()
    other_storage = open_storage(storage.engine.url)
    here, other = practice(storage, clock), practice(other_storage, clock)
    await report(here, "Ada", "Bob")
    assert [await is_drawn(process) for process in (here, other)] == [True, True]
    await report(here, "Cyd")
    assert [await is_drawn(process) for process in (here, other)] == [False, True]
    clock.pass_time(seconds=59)
    assert [await is_drawn(process) for process in (here, other)] == [False, False]
    revision = BANK.revision("ml-one") or ""
    await other.quality.rule(GRACE, HOME, "ml-one", revision, out=False)
    assert [await is_drawn(process) for process in (here, other)] == [False, True]
    clock.pass_time(seconds=59)
    assert [await is_drawn(process) for process in (here, other)] == [True, True]
    await other_storage.close()


async def test_reports_elsewhere_do_not_matter_here(storage: SqlStorage) -> None:
    process = practice(storage, StillClock())
    await report(process, *NAMES)
    away = WorkspaceRef("test", "away")
    assert (await process.serve(someone("Zoe"), away, Filter(kind="one"))).question.id == "ml-one"


async def test_a_level_shows_once_thirty_people_answered(storage: SqlStorage) -> None:
    clock = StillClock()
    process = practice(storage, clock)
    levels = []
    for number in range(31):
        clock.pass_time(minutes=5)
        shown = await process.serve(someone(f"P{number}"), HOME, Filter(kind="one"))
        levels.append(shown.level)
        await process.answer(someone(f"P{number}"), shown.serving, "A")
    assert levels == [None] * 30 + [Level.EASY]


async def test_levels_of_a_family_go_over_all_its_draws(storage: SqlStorage) -> None:
    await keep(storage, BANK, {FAMILY.id: [((), 0, 500)] * 30})
    process = practice(storage, StillClock())
    shown = await process.serve(someone(), HOME, Filter(kind="number", level="hard"))
    assert (shown.question.id, shown.level) == (FAMILY.id, Level.HARD)


async def test_a_level_of_an_earlier_revision_is_forgotten(storage: SqlStorage) -> None:
    await keep(storage, bank_of(one(stem="Which layer makes its input smaller?")), {"ml-one": [((0,), 1000, 500)] * 30})
    shown = await practice(storage, StillClock()).serve(someone(), HOME, Filter(kind="one"))
    assert (shown.question.id, shown.level) == ("ml-one", None)


async def test_skips_and_unmarked_texts_do_not_count(storage: SqlStorage) -> None:
    process = practice(storage, StillClock())
    shown = await process.serve(someone(), HOME, Filter(kind="one"))
    await process.skip(someone(), shown.serving)
    await answer(process, "Ada", "text", "Gradients vanish.")
    assert await tallies(storage) == {}


async def test_a_marked_text_counts_with_its_marks(storage: SqlStorage) -> None:
    process = practice(storage, StillClock())
    revealed = await answer(process, "Ada", "text", "Gradients vanish.")
    await process.mark(someone("Ada"), revealed.shown.serving, ("A",))
    assert await tallies(storage) == {("ml-text", BANK.revision("ml-text")): {WHOLE: Sums.of(500, 500)}}


async def _live(storage: SqlStorage) -> Practice:
    """Let people answer, again and again, and return the process."""
    clock = StillClock()
    process = practice(storage, clock)
    for turn, kind, response in ((0, "one", "D"), (1, "number", "7"), (2, "many", "ABC"), (3, "one", "A")):
        for name in NAMES:
            clock.pass_time(hours=turn)
            await answer(process, name, kind, response if name != "Bob" else response[0])
    revealed = await answer(process, "Ada", "text", "Gradients vanish.")
    await process.mark(someone("Ada"), revealed.shown.serving, ("A", "B"))
    return process


async def test_statistics_counted_anew_from_history_are_the_same(storage: SqlStorage) -> None:
    process = await _live(storage)
    live = await tallies(storage)
    assert {name for name, _ in live} == {"ml-one", "ml-many", "ml-text", FAMILY.id}
    assert await process.quality.rebuild() == 10
    assert await tallies(storage) == live


async def test_counting_anew_brings_back_what_was_lost_and_leaves_out_what_the_bank_lost(storage: SqlStorage) -> None:
    process = await _live(storage)
    live = await tallies(storage)
    async with storage.transaction() as work:
        await work.item_stats.replace({("ml-gone", "0badf00d"): {WHOLE: Sums.of(0, 0)}})
    await process.quality.rebuild()
    assert await tallies(storage) == live
    smaller = Practice(storage, bank_of(truth(), many(shuffle=False)), StillClock(), random.Random(3), process._rules)
    assert await smaller.quality.rebuild() == 3
    assert {name for name, _ in await tallies(storage)} == {"ml-many"}
