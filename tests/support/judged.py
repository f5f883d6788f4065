"""Questions that many people answered: their statistics, written as answers would have left them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.ports import Storage
from questions.bank import Bank
from questions.model import OneBest, SelectAll
from questions.statistics import LEAST, Sums, tally_of

Given = tuple[tuple[int, ...], int, int]
"""An answer: the options it chose, its score and its person's ability, both in thousandths."""


def tally(answers: Iterable[Given]) -> dict[int, Sums]:
    """Return the sums over some answers."""
    total: dict[int, Sums] = {}
    for chosen, score, able in answers:
        for place, sums in tally_of(chosen, score, able).items():
            total[place] = total.get(place, Sums()) + sums
    return total


async def keep(storage: Storage, bank: Bank, answers: dict[str, list[Given]]) -> None:
    """Keep the answers to some questions of a bank, in the place of all others."""
    async with storage.transaction() as work:
        await work.item_stats.replace(
            {(name, bank.revision(name) or ""): tally(given) for name, given in answers.items()}
        )


async def doubt_everything(storage: Storage, bank: Bank) -> None:
    """Let everybody who is good at it have answered each question wrong, all with its last option."""
    answers: dict[str, list[Given]] = {}
    for one in bank.questions:
        options = len(one.options) if isinstance(one, OneBest | SelectAll) else 0
        wrong: tuple[int, ...] = (options - 1,) if options else ()
        right: tuple[int, ...] = (0,) if options else ()
        answers[one.id] = [(wrong, 0, 800 + at) if at % 2 else (right, 1000, 200 + at) for at in range(LEAST + 2)]
    await keep(storage, bank, answers)
