"""The ports of live rounds: a few questions in a channel, one after the other, against a clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.refs import ChannelRef, MessageRef, WorkspaceRef


class Mode(StrEnum):
    """Who earns points: everybody who is right, for themselves or for their team, or whoever is right first."""

    EVERYONE = "everyone"
    TEAMS = "teams"
    FIRST = "first"


class RoundState(StrEnum):
    """How far a round has come; one that is ending says why in its note."""

    LOBBY = "lobby"
    ASKING = "asking"
    SHOWING = "showing"
    ENDING = "ending"
    ENDED = "ended"


class Ending(StrEnum):
    """Why a round ends."""

    PLAYED = "played"
    STOPPED = "stopped"
    NOBODY = "nobody"
    IDLE = "idle"
    AWAY = "away"
    SHORT = "short"
    GONE = "gone"


class AskState(StrEnum):
    """How far a question of a round has come; a discarded one counts for nobody."""

    POSTING = "posting"
    OPEN = "open"
    CLOSED = "closed"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a round is played by. ``topic`` and ``level`` are empty for all, ``seconds`` are those of each question."""

    topic: str = ""
    level: str = ""
    questions: int = 5
    seconds: int = 30
    mode: Mode = Mode.EVERYONE
    speed: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """A round in a channel: at question ``number``, 0 in its lobby. ``due_at`` is when it moves on by itself.

    ``message`` is that of its lobby, None until it is posted. ``host`` is the person who started it. ``paying`` once
    two people have answered something.
    """

    id: int
    channel: ChannelRef
    host: int
    host_name: str
    terms: Terms
    state: RoundState
    number: int
    due_at: datetime
    message: MessageRef | None
    ending: Ending | None
    paying: bool

    @property
    def living(self) -> bool:
        """Tell whether it still goes on."""
        return self.state is not RoundState.ENDED


@dataclass(frozen=True, slots=True)
class RoundQuestion:
    """A question of a round. ``reopened`` if it was opened again because Warmup was away; ``told`` once its result is.

    ``order`` are the authored positions in the order shown. Until it is open, ``opened_at`` and ``closes_at`` are
    what was meant.
    """

    round: int
    number: int
    state: AskState
    question: str
    revision: str
    seed: int
    order: tuple[int, ...]
    opened_at: datetime
    closes_at: datetime
    reopened: bool
    told: bool
    message: MessageRef | None


@dataclass(frozen=True, slots=True)
class RoundAnswer:
    """What somebody answered, and when by the platform's clock. ``points`` are those of the round, 0 until the close.

    ``paid`` is what the ledger paid once it is settled, ``serving`` what it was kept as.
    """

    round: int
    number: int
    person: int
    name: str
    hidden: bool
    response: str
    score: int
    at: datetime
    points: int
    settled: bool
    paid: int
    serving: int | None


@dataclass(frozen=True, slots=True)
class RoundPlayer:
    """Somebody who joined or answered: their points of closed questions, and what the ledger paid of them.

    ``team`` is the id of that for which they play, ``side`` its name as it was when they joined; None and empty of
    whoever plays for themselves.
    """

    person: int
    name: str
    hidden: bool
    score: int
    paid: int = 0
    team: int | None = None
    side: str = ""


class Rounds(Protocol):
    """Rounds and their questions."""

    async def add(self, channel: ChannelRef, host: int, terms: Terms, now: datetime) -> int | None:
        """Keep a new round, in its lobby and due now, and return its id; None where one lives in the channel."""
        ...

    async def get(self, number: int) -> Round | None:
        """Return a round."""
        ...

    async def latch(self, number: int) -> Round | None:
        """Return a round, locked: until the transaction ends nobody else answers in it or moves it on."""
        ...

    async def living(self, channel: ChannelRef) -> Round | None:
        """Return the round that lives in a channel."""
        ...

    async def move(
        self, number: int, expected: Collection[RoundState], state: RoundState, due_at: datetime, at: int | None = None
    ) -> bool:
        """Move on to another state, and with ``at`` to a question; false if it is in none of the expected ones."""
        ...

    async def wait(self, number: int, due_at: datetime) -> None:
        """Keep when it moves on by itself."""
        ...

    async def posted(self, number: int, message: MessageRef, due_at: datetime) -> None:
        """Keep which message its lobby is, and when that ends."""
        ...

    async def end(self, number: int, ending: Ending, due_at: datetime) -> bool:
        """Let it end for a reason; false where it is ending already."""
        ...

    async def close(self, number: int) -> None:
        """Keep that it has ended: its channel is free for another."""
        ...

    async def pay(self, number: int) -> None:
        """Keep that its answers earn points."""
        ...

    async def ask(self, number: int, at: int, *, question: str, revision: str, seed: int, order: Sequence[int],
                  opens_at: datetime, closes_at: datetime) -> None:  # fmt: skip
        """Keep what it asks next, about to be posted."""
        ...

    async def question(self, number: int, at: int) -> RoundQuestion | None:
        """Return one of its questions."""
        ...

    async def questions(self, number: int) -> Sequence[RoundQuestion]:
        """Return what it has asked so far, first first."""
        ...

    async def opened(self, number: int, at: int, message: MessageRef, opened_at: datetime, closes_at: datetime, *,
                     reopened: bool) -> None:  # fmt: skip
        """Keep which message a question is, and that it is open for a time."""
        ...

    async def shorten(self, number: int, at: int, closes_at: datetime) -> None:
        """Let an open question close earlier."""
        ...

    async def turn(self, number: int, at: int, expected: Collection[AskState], state: AskState) -> bool:
        """Move a question on to another state; false if it is in none of the expected ones."""
        ...

    async def told(self, number: int, at: int) -> None:
        """Keep that the result of a question was told."""
        ...

    async def asked(self, channel: ChannelRef) -> Mapping[str, datetime]:
        """Return when each question was last asked in the rounds of a channel."""
        ...

    async def held(self, workspace: WorkspaceRef) -> frozenset[str]:
        """Return the questions that are open in rounds of a workspace, and those about to be posted."""
        ...

    async def unpaid_before(self, workspace: WorkspaceRef, before: datetime) -> bool:
        """Tell whether a round that goes on has a question that closes before an instant and is not paid yet."""
        ...


class RoundAnswers(Protocol):
    """Who plays in rounds, and what they answer."""

    async def join(self, number: int, person: int, now: datetime, *, team: int | None = None, side: str = "") -> bool:
        """Let somebody play, for a team or for themselves; false if they do already."""
        ...

    async def players(self, number: int) -> Sequence[RoundPlayer]:
        """Return who plays, first first."""
        ...

    async def side(self, number: int, person: int) -> str:
        """Return the name of the team for which somebody plays, empty where they play for themselves."""
        ...

    async def missing(self, number: int, at: int) -> int:
        """Return how many of those who play have not answered a question."""
        ...

    async def put(self, number: int, at: int, person: int, *, response: str, score: int, when: datetime) -> bool:
        """Keep an answer; false, and nothing kept, where this person has answered."""
        ...

    async def get(self, number: int, at: int, person: int) -> RoundAnswer | None:
        """Return what somebody answered."""
        ...

    async def all(self, number: int, at: int) -> Sequence[RoundAnswer]:
        """Return the answers to a question, first first by the platform's clock."""
        ...

    async def of(self, number: int, person: int) -> Sequence[RoundAnswer]:
        """Return what somebody answered in a round, by question."""
        ...

    async def answerers(self, number: int) -> int:
        """Return how many people have answered something in a round."""
        ...

    async def score(self, number: int, at: int, points: Mapping[int, int]) -> None:
        """Keep the points that people have for a question of a round."""
        ...

    async def unsettled(self, number: int, limit: int) -> Sequence[RoundAnswer]:
        """Return some answers to closed questions that are not settled, locked until the transaction ends."""
        ...

    async def settle(self, number: int, at: int, person: int, paid: int, serving: int | None) -> None:
        """Keep what the ledger paid for an answer, perhaps nothing, and as which serving it counts."""
        ...
