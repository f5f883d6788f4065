"""Every outside need of the core on one page; the docstrings are contracts, held by one suite for every adapter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.commands import Answer
from bot.competing import Competitions
from bot.errands import Errands
from bot.judging import ItemStats, Reports, Rulings
from bot.ledger import Ledger, Standings
from bot.message import Message, Modal
from bot.persons import People
from bot.refs import ChannelRef, MessageRef, UserRef, WorkspaceRef
from bot.rewarding import Rewards
from bot.rounds import RoundAnswers, Rounds
from bot.scheduling import Dailies, DailyAnswers, Schedules
from bot.summaries import Summaries
from bot.teams import Teams


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class Platform(Protocol):
    """Say something without being asked. All but ``obstacle`` raise Gone, Forbidden, RateLimited or Unreachable."""

    async def send(
        self, channel: ChannelRef, message: Message, key: str = "", since: datetime | None = None
    ) -> MessageRef:
        """Post a message for everybody in the channel; repeated with the same key, post it once.

        ``since`` is when an earlier attempt may have made it: a platform that forgets keys then looks for it first.
        """
        ...

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Replace a message that was sent."""
        ...

    async def thread(self, ref: MessageRef, name: str) -> ChannelRef:
        """Open the thread of a message, or return the one that it has; where there are none, its channel."""
        ...

    async def tell(self, user: UserRef, workspace: WorkspaceRef, message: Message, key: str = "") -> None:
        """Tell a person alone, in their own conversation with Warmup; Forbidden where they do not take any."""
        ...

    async def obstacle(self, channel: ChannelRef, *, threads: bool = False, notify: str = "") -> str:
        """Return what keeps Warmup from posting there and how to mend it, as markup; empty if nothing does.

        With ``threads`` also from opening threads there, with ``notify`` from notifying that role or group.
        """
        ...


class Presence(Protocol):
    """Which workspaces Warmup is in, as their platform said last."""

    async def joined(self, workspace: WorkspaceRef) -> bool:
        """Keep that Warmup is there; true if that is news."""
        ...

    async def left(self, workspace: WorkspaceRef) -> None:
        """Keep that Warmup was removed."""
        ...

    async def compare(self, platform: str, here: Collection[WorkspaceRef]) -> None:
        """Keep that these are all the workspaces of a platform: what was missed while not connected."""
        ...

    async def has_left(self, workspace: WorkspaceRef) -> bool:
        """Tell whether Warmup was removed from a workspace; false for one never heard of."""
        ...


class Responder(Protocol):
    """Answer one event. Raises PlatformError; used by the dispatcher alone."""

    async def defer(self, answer: Answer) -> None:
        """Tell the platform that the answer will take a moment."""
        ...

    async def respond(self, message: Message, answer: Answer) -> None:
        """Give the answer as declared; UPDATE replaces the message that holds the pressed control."""
        ...

    async def open(self, modal: Modal) -> None:
        """Open a form."""
        ...

    async def fail(self, message: Message) -> None:
        """Tell the person alone, whatever was deferred, and leave nothing that seems to be working."""
        ...


@dataclass(frozen=True, slots=True)
class Serving:
    """A question shown to one person. ``order`` holds the authored positions in the order shown.

    ``state``: open, revealed (free text waiting for its marks), answered or skipped. ``score`` is in thousandths.
    ``seed`` is the one with which a family drew the question, 0 for all others.
    """

    id: int
    person: int
    workspace: WorkspaceRef
    question: str
    revision: str
    wanted: str
    order: tuple[int, ...]
    state: str
    hinted: bool
    response: str
    score: int
    seed: int = 0


class Servings(Protocol):
    """Questions shown, and what became of them."""

    async def add(self, *, person: int, workspace: WorkspaceRef, question: str, revision: str, wanted: str,
                  order: Sequence[int], now: datetime, seed: int = 0) -> int:  # fmt: skip
        """Keep a question as shown and return its id; the question counts as seen from now on."""
        ...

    async def get(self, serving: int) -> Serving | None:
        """Return a serving."""
        ...

    async def last_seen(self, person: int) -> Mapping[str, datetime]:
        """Return when the person last saw each question that they saw."""
        ...

    async def hint(self, serving: int, person: int) -> bool:
        """Mark an open serving as hinted; false if it is not open or not theirs."""
        ...

    async def close(self, serving: int, person: int, *, expected: str, state: str, response: str, score: int,
                    now: datetime) -> bool:  # fmt: skip
        """Move a serving from the ``expected`` state to ``state``; false if it is not in it or not theirs.

        One conditional statement: of simultaneous calls exactly one returns true.
        """
        ...

    async def done(self, person: int, wanted: str) -> frozenset[str]:
        """Return the questions that a person has answered of those drawn for a wish."""
        ...

    async def count(self, person: int, topic: str, score: int) -> None:
        """Add one graded answer to the person's record in a topic."""
        ...

    async def record(self, person: int) -> Sequence[TopicRecord]:
        """Return the person's record in each topic in which they answered."""
        ...


@dataclass(frozen=True, slots=True)
class TopicRecord:
    """Graded answers in one topic; ``score`` is the sum of their thousandths."""

    topic: str
    answered: int
    right: int
    score: int


class UnitOfWork(Protocol):
    """One transaction: all of it is kept, or none. What was acknowledged survives a power cut."""

    @property
    def people(self) -> People:
        """Return who practises."""
        ...

    @property
    def servings(self) -> Servings:
        """Return the questions shown."""
        ...

    @property
    def ledger(self) -> Ledger:
        """Return the points."""
        ...

    @property
    def standings(self) -> Standings:
        """Return the boards."""
        ...

    @property
    def teams(self) -> Teams:
        """Return the teams."""
        ...

    @property
    def competitions(self) -> Competitions:
        """Return the competitions."""
        ...

    @property
    def summaries(self) -> Summaries:
        """Return the weekly summaries."""
        ...

    @property
    def item_stats(self) -> ItemStats:
        """Return the statistics of questions."""
        ...

    @property
    def reports(self) -> Reports:
        """Return the reported problems."""
        ...

    @property
    def rulings(self) -> Rulings:
        """Return what moderators decided."""
        ...

    @property
    def schedules(self) -> Schedules:
        """Return the schedules of questions of the day."""
        ...

    @property
    def dailies(self) -> Dailies:
        """Return the questions of the day."""
        ...

    @property
    def daily_answers(self) -> DailyAnswers:
        """Return the answers to them."""
        ...

    @property
    def rounds(self) -> Rounds:
        """Return the live rounds."""
        ...

    @property
    def round_answers(self) -> RoundAnswers:
        """Return who plays in them, and the answers."""
        ...

    @property
    def errands(self) -> Errands:
        """Return what is to be done at an instant."""
        ...

    @property
    def rewards(self) -> Rewards:
        """Return the roles that are given, and who holds them."""
        ...


class Storage(Protocol):
    """The database. Its failures raise StorageError."""

    def transaction(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Begin a transaction that may write; commits at the end, rolls back on any exception."""
        ...

    def snapshot(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """Begin a transaction that only reads and waits for no writer."""
        ...
