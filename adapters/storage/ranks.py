"""How many are ahead: tallies of people and of teams by score, so that a rank is a few sums whatever their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, func, literal, select, union_all

from adapters.storage.ledger_tables import rank_tallies
from adapters.storage.statements import Statements, insert

Ladder = tuple[tuple[int, int], ...]
"""Levels of tallies, each with how many of a score's last bits it leaves out; each level takes in the one before."""
PEOPLE: Ladder = ((0, 0), (1, 6), (2, 12))
"""By points."""
TEAMS: Ladder = ((3, 0), (4, 8), (5, 16))
"""By the mean in thousandths."""
Tally = tuple[str, int, int]
"""A period, a level, and a bucket of that level: a score without its last bits."""
_STEP = "."
_KEY = ("workspace", "period", "level", "bucket")


def has_ranks(period: str) -> bool:
    """Tell whether ranks are asked of a board: not of a competition's steps, which only its picture over time shows."""
    return _STEP not in period


def tallies_of(ladder: Ladder, period: str, score: int) -> Iterator[Tally]:
    """Yield where somebody with a score is counted; whoever has none is on no board."""
    if score > 0 and has_ranks(period):
        yield from ((period, level, score >> bits) for level, bits in ladder)


def move(changes: Counter[Tally], ladder: Ladder, period: str, before: int, after: int) -> None:
    """Add to changes that somebody's score on a board changes."""
    changes.subtract(tallies_of(ladder, period, before))
    changes.update(tallies_of(ladder, period, after))


async def keep(statements: Statements, workspace: str, changes: Mapping[Tally, int]) -> None:
    """Count in and out of buckets; the workspace is locked."""
    rows: list[dict[str, Any]] = [
        {"workspace": workspace, "period": period, "level": level, "bucket": bucket, "people": change}
        for (period, level, bucket), change in changes.items()
        if change
    ]
    if rows:
        new = insert(statements, rank_tallies)
        summed = new.on_conflict_do_update(
            index_elements=rank_tallies.primary_key.columns,
            set_={"people": rank_tallies.c.people + new.excluded.people},
        )
        await statements.execute(summed, rows)
    of_teams = [row for row in rows if row["people"] < 0 and row["level"] >= TEAMS[0][0]]
    left = [{f"of_{name}": row[name] for name in _KEY} for row in of_teams]
    if left:  # means pass through so many buckets that those that nobody is in any more would pile up
        here = (rank_tallies.c[name] == bindparam(f"of_{name}") for name in _KEY)
        await statements.execute(delete(rank_tallies).where(*here, rank_tallies.c.people == 0), left)


async def count(
    statements: Statements, ladder: Ladder, workspace: str, period: str, scores: Sequence[int]
) -> tuple[int, list[int]]:
    """Return how many are on a board, and how many of them have more than each of the scores."""
    counts = [_counted(0, ladder[-1][0], workspace, period, -1, None)]
    for place, score in enumerate(scores, start=1):
        for (level, bits), (_, wider) in zip(ladder, (*ladder[1:], (0, 0)), strict=True):
            # Those in a higher bucket of the next level are counted there.
            end = ((score >> wider) + 1) << (wider - bits) if wider else None
            counts.append(_counted(place, level, workspace, period, score >> bits, end))
    sums = [0] * (1 + len(scores))
    for row in await statements.execute(union_all(*counts)):
        sums[row.place] += int(row.people)
    return sums[0], sums[1:]


def _counted(
    place: int, level: int, workspace: str, period: str, above: int, below: int | None
) -> Select[tuple[int, int]]:
    within = and_(
        rank_tallies.c.workspace == workspace,
        rank_tallies.c.period == period,
        rank_tallies.c.level == level,
        rank_tallies.c.bucket > above,
    )
    if below is not None:
        within = and_(within, rank_tallies.c.bucket < below)
    people = func.coalesce(func.sum(rank_tallies.c.people), 0)
    return select(literal(place).label("place"), people.label("people")).where(within)
