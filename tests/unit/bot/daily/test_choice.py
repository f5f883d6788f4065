"""What a schedule posts: nothing twice before all was posted, topics in balance, then what was posted longest ago."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.daily.choice import LOW, Candidate, Choice, choose, postable
from questions.generate import FAMILIES
from questions.model import Level, TrueFalse
from tests.support import items

FIRST = date(2026, 1, 1)
TOPICS = ("CN", "OP", "ML", "IN", "LO")
LEVELS = tuple(Level)
QUESTIONS = {
    (topic, level, number): items.truth(id=f"{topic.lower()}-{level}-{number}", subtopic=f"{topic}1", level=level)
    for topic in TOPICS
    for level in LEVELS
    for number in range(4)
}
Past = Mapping[str, tuple[int, date]]

pools = st.lists(st.sampled_from(list(QUESTIONS.values())), min_size=1, max_size=24, unique_by=lambda one: one.id)
pasts = st.dictionaries(
    st.sampled_from([one.id for one in QUESTIONS.values()]),
    st.tuples(st.integers(1, 4), st.dates(FIRST, date(2026, 12, 31))),
)
seeds = st.text("abc:0123", max_size=6)


def _posts(pool: Sequence[TrueFalse], past: Past, seed: str, days: int) -> list[str]:
    """Return what is posted on each of some days after a past."""
    known, posted = dict(past), list[str]()
    for number in range(days):
        day = date(2027, 1, 1) + timedelta(days=number)
        choice = choose(pool, {}, known, f"{seed}:{day}")
        assert choice is not None
        name = choice.question.id
        posted.append(name)
        known[name] = (known[name][0] + 1 if name in known else 1, day)
    return posted


@settings(deadline=None)
@given(pools, seeds)
def test_nothing_comes_twice_before_all_came_once_and_then_the_oldest_comes_first(
    pool: list[TrueFalse], seed: str
) -> None:
    posted = _posts(pool, {}, seed, 3 * len(pool))
    once = posted[: len(pool)]
    assert sorted(once) == sorted(one.id for one in pool)
    assert posted == once * 3


@settings(deadline=None)
@given(pools, pasts, seeds)
def test_whatever_the_past_what_was_posted_least_often_comes_first_and_then_the_oldest(
    pool: list[TrueFalse], past: Past, seed: str
) -> None:
    choice = choose(pool, {}, past, seed)
    assert choice is not None
    times = {one.id: past.get(one.id, (0, FIRST))[0] for one in pool}
    least = [name for name, count in times.items() if count == min(times.values())]
    assert choice.question.id in least
    if min(times.values()):
        assert past[choice.question.id][1] == min(past[name][1] for name in least)
    assert (choice.left, choice.pool) == (sum(count == 0 for count in times.values()), len(pool))
    assert not choice.queued
    assert choice.low is (choice.left < LOW)


@settings(deadline=None)
@given(pools, seeds)
def test_topics_and_levels_within_them_are_balanced_while_they_last(pool: list[TrueFalse], seed: str) -> None:
    by_id, posted = {one.id: one for one in pool}, list[str]()
    for name in _posts(pool, {}, seed, len(pool)):
        posted.append(name)
        seen = [by_id[each] for each in posted]
        topics = Counter(one.topic for one in seen)
        levels = Counter((one.topic, one.level) for one in seen)
        left = [one for one in pool if one.id not in posted]
        _expect_balance([topics[topic] for topic in {one.topic for one in left}])
        for topic in TOPICS:
            _expect_balance([levels[topic, level] for level in {one.level for one in left if one.topic == topic}])


def _expect_balance(counts: list[int]) -> None:
    assert not counts or max(counts) - min(counts) <= 1


@given(pools, pasts, seeds)
def test_the_same_date_and_past_give_the_same_question(pool: list[TrueFalse], past: Past, seed: str) -> None:
    again = dict(sorted(past.items(), reverse=True))
    assert choose(pool, {}, past, seed) == choose(tuple(pool), {}, again, seed)


@given(pools, pasts, seeds, st.data())
def test_what_is_held_is_not_chosen_but_counts(
    pool: list[TrueFalse], past: Past, seed: str, data: st.DataObject
) -> None:
    held = data.draw(st.sets(st.sampled_from([one.id for one in pool])))
    choice = choose(pool, {}, past, seed, None, held)
    if len(held) == len(pool):
        assert choice is None
        return
    assert choice is not None
    assert choice.question.id not in held
    assert choice.pool == len(pool)


def test_the_topic_of_a_question_that_is_still_open_does_not_come_again_at_once() -> None:
    pool = [QUESTIONS[topic, Level.EASY, number] for topic in ("CN", "OP") for number in range(3)]
    past, held = {pool[0].id: (1, FIRST)}, {pool[0].id}
    found = {choice.question.topic for seed in range(20) if (choice := choose(pool, {}, past, str(seed), None, held))}
    assert found == {"OP"}


@given(pools, pasts, seeds, st.sampled_from(list(QUESTIONS.values())))
def test_what_a_moderator_asked_for_wins(pool: list[TrueFalse], past: Past, seed: str, queued: Candidate) -> None:
    left = sum(one.id not in past for one in pool)
    assert choose(pool, {}, past, seed, queued) == Choice(queued, left, len(pool), queued=True)


def test_an_empty_pool_gives_nothing_but_what_was_asked_for() -> None:
    question = items.truth()
    assert choose([], {}, {}, "seed") is None
    assert choose([], {}, {question.id: (1, FIRST)}, "seed") is None
    assert choose([], {}, {}, "seed", question) == Choice(question, 0, 0, queued=True)


def test_chance_decides_among_equals() -> None:
    pool = [QUESTIONS["CN", Level.EASY, number] for number in range(4)]
    found = Counter(choice.question.id for seed in range(400) if (choice := choose(pool, {}, {}, str(seed))))
    assert set(found) == {one.id for one in pool}
    assert min(found.values()) > 60


def test_levels_are_those_that_answers_say() -> None:
    pool = [QUESTIONS["CN", Level.EASY, number] for number in range(3)]
    levels = {pool[1].id: Level.HARD}
    past = {pool[0].id: (1, FIRST)}
    assert {choice.question.id for seed in range(20) if (choice := choose(pool, levels, past, str(seed)))} == {
        pool[1].id
    }


def test_what_is_new_in_the_pool_comes_before_what_was_posted() -> None:
    pool = list(QUESTIONS.values())[:5]
    past = {one.id: (3, FIRST + timedelta(days=number)) for number, one in enumerate(pool[1:])}
    choice = choose(pool, {}, past, "seed")
    assert choice == Choice(pool[0], 1, 5, queued=False)


def test_a_family_counts_as_one_question() -> None:
    family = next(iter(FAMILIES.values()))
    choice = choose([family], {}, {family.id: (2, FIRST)}, "seed")
    assert choice == Choice(family, 0, 1, queued=False)
    assert postable(family)


def test_what_people_mark_themselves_cannot_be_one_of_the_day() -> None:
    assert not postable(items.text())
    assert all(postable(one) for one in (items.one(), items.many(), items.truth(), items.number(), items.order()))
