"""Whose question it is, and what is said when it is not theirs or not open any more."""

from __future__ import annotations

from bot.errors import AlreadyDone, Expired, NotYours
from bot.persons import Person
from bot.ports import Serving, UnitOfWork
from bot.refs import WorkspaceRef


def own(kept: Serving | None, person: Person | None) -> Serving:
    """Return a serving that is there and this person's.

    Raises Expired or NotYours.
    """
    if kept is None:
        raise Expired("This question is not there any more.", "Type `/practice` for another.")
    if person is None or kept.person != person.id:
        raise NotYours("This question was asked of somebody else.", "Type `/practice` for one of your own.")
    return kept


def already() -> AlreadyDone:
    """Return what a second answer is told."""
    return AlreadyDone("You have answered or skipped this one already.", "Press Next for another question.")


async def held_in(work: UnitOfWork, workspace: WorkspaceRef) -> frozenset[str]:
    """Return the questions whose key is sealed in a workspace: one of the day, or a round, asks them now."""
    return await work.dailies.held(workspace) | await work.rounds.held(workspace)


async def expect_not_sealed(work: UnitOfWork, kept: Serving) -> None:
    """Raise Expired for a question that was drawn before a day or a round asked it there: its key is sealed now."""
    if kept.question in await work.dailies.held(kept.workspace):
        raise Expired(
            "This is the question of the day now, and sealed until that closes.",
            "Answer it at its post in the channel; here it can be answered after the close.",
        )
    if kept.question in await work.rounds.held(kept.workspace):
        raise Expired(
            "A round is asking this question now, and it is sealed until that closes.",
            "Answer it there, or here in a minute.",
        )
