"""Hold the bank against its plan: enough questions in every subtopic, every seed covered, the kinds and levels mixed.

The numbers are the project's: a subtopic of band A (asked by most public collections) needs all its planned questions,
one of band B at least half of them, every other at least one. Each seed S1 to S107 (a question that the bank was begun
with) needs at least two questions of different kinds; the seeds S1 to S46, whose wording is certain, at least three,
one of them beyond recall.

A question is *beyond recall* if nobody answers it by remembering a sentence: a number to compute, an order, several
options to weigh, a free text; and of the kinds ``one`` and ``truth`` those with a listing, or with one of the tags
``by-hand``, ``spot-the-bug``, ``shapes`` and ``estimate``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from questions.bank import Bank
from questions.listings import states
from questions.model import Kind, Level, Question
from questions.taxonomy import Subtopic

SEEDS = 107
CERTAIN_SEEDS = 46
"""S1 to S46 are known word for word; each needs more questions than the others."""

LARGEST_SHARE_OF_ONE = 0.55
LEAST_OF_KIND = {Kind.NUMBER: 60, Kind.TEXT: 40, Kind.MANY: 20, Kind.ORDER: 20}
LEAST_RUNNABLE = 20
"""How many listings must state what they print or how they fail."""
LEVEL_SHARES = {Level.EASY: 0.30, Level.MEDIUM: 0.45, Level.HARD: 0.25}
LEVEL_SLACK = 0.07

_BEYOND_RECALL_TAGS = frozenset({"by-hand", "spot-the-bug", "shapes", "estimate"})


@dataclass(frozen=True, slots=True)
class Row:
    """A subtopic, how many questions it needs, and those it has."""

    subtopic: Subtopic
    needed: int
    written: int
    kinds: Counter[str]

    @property
    def met(self) -> bool:
        """Tell whether there are enough."""
        return self.written >= self.needed


@dataclass(frozen=True, slots=True)
class SeedRow:
    """A seed, the questions that cover it, and what is missing: empty if nothing is."""

    seed: str
    questions: tuple[Question, ...]
    missing: str


@dataclass(frozen=True, slots=True)
class Balance:
    """A number over the whole bank, what it must be, and whether it is."""

    what: str
    found: str
    wanted: str
    met: bool


def needed(subtopic: Subtopic) -> int:
    """Return how many questions a subtopic must have."""
    return {"A": subtopic.planned, "B": (subtopic.planned + 1) // 2}.get(subtopic.band, 1)


def beyond_recall(question: Question) -> bool:
    """Tell whether a question asks for more than remembering a sentence; the rule is in the module's docstring."""
    if question.kind not in {Kind.ONE, Kind.TRUTH}:
        return True
    return question.code is not None or not _BEYOND_RECALL_TAGS.isdisjoint(question.tags)


def subtopic_rows(bank: Bank) -> tuple[Row, ...]:
    """Return a row for every subtopic, in the order of the taxonomy."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for question in bank.questions:
        kinds[question.subtopic][question.kind] += 1
    return tuple(
        Row(part, needed(part), kinds[code].total(), kinds[code]) for code, part in bank.taxonomy.subtopics.items()
    )


def seed_rows(bank: Bank) -> tuple[SeedRow, ...]:
    """Return a row for every seed, S1 first."""
    tagged: dict[str, list[Question]] = defaultdict(list)
    for question in bank.questions:
        for seed in question.seed:
            tagged[seed].append(question)
    rows = []
    for number in range(1, SEEDS + 1):
        items = tagged[f"S{number}"]
        missing = _missing(items, 3 if number <= CERTAIN_SEEDS else 2, beyond=number <= CERTAIN_SEEDS)
        rows.append(SeedRow(f"S{number}", tuple(items), ", ".join(missing)))
    return tuple(rows)


def _missing(items: Sequence[Question], least: int, *, beyond: bool) -> Iterator[str]:
    if len(items) < least:
        yield f"{least - len(items)} more"
    if len({question.kind for question in items}) < 2:
        yield "another kind" if items else "two kinds"
    if beyond and not any(map(beyond_recall, items)):
        yield "one beyond recall"


def balances(bank: Bank) -> tuple[Balance, ...]:
    """Return what must hold over the whole bank: its kinds, its runnable listings and its levels."""
    return tuple(_balances(bank.questions))


def _balances(questions: Sequence[Question]) -> Iterator[Balance]:
    total = max(len(questions), 1)
    kinds = Counter[str](question.kind for question in questions)
    share = kinds[Kind.ONE] / total
    limit = f"at most {LARGEST_SHARE_OF_ONE:.0%}"
    yield Balance("kind one", f"{kinds[Kind.ONE]} ({share:.1%})", limit, share <= LARGEST_SHARE_OF_ONE)
    for kind, least in LEAST_OF_KIND.items():
        yield Balance(f"kind {kind}", str(kinds[kind]), f"at least {least}", kinds[kind] >= least)
    runnable = sum(question.code is not None and states(question.code) for question in questions)
    yield Balance("runnable listings", str(runnable), f"at least {LEAST_RUNNABLE}", runnable >= LEAST_RUNNABLE)
    levels = Counter(question.level for question in questions)
    for level, wanted in LEVEL_SHARES.items():
        low, high = wanted - LEVEL_SLACK, wanted + LEVEL_SLACK
        share = levels[level] / total
        yield Balance(f"level {level}", f"{share:.1%}", f"{low:.0%} to {high:.0%}", low <= share <= high)
