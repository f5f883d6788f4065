"""Whose question it is, and what is said when it is not theirs or not open any more."""

from __future__ import annotations

from bot.errors import AlreadyDone, Expired, NotYours
from bot.ports import Person, Serving


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
