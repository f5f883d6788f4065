"""A room with live rounds: time goes by second by second, with a worker that comes after a restart each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.message import Message
from bot.refs import Actor
from bot.rounds import Round, RoundAnswer, RoundPlayer, RoundQuestion, RoundState
from tests.support.daily_room import DailyRoom
from tests.support.noticeboard import Notice
from tests.support.room import ADA, BOB, token_of

SECOND = timedelta(seconds=1)


class QuizRoom(DailyRoom):
    """People in a room who play live rounds."""

    async def start(self, text: str = "", who: Actor = ADA) -> Message:
        """Start a round, and return its lobby."""
        await self.command(who, "quiz start", text)
        await self.work()
        return self.lobby.message

    async def begin(self, text: str = "", players: Sequence[Actor] = (ADA, BOB)) -> Message:
        """Start a round, let people join and begin, and return the first question."""
        lobby = await self.start(text)
        for who in players:
            await self.press(who, token_of(lobby, "Join"))
        await self.press(ADA, token_of(lobby, "Start now"))
        await self.work()
        return self.question.message

    async def begin_daily(self) -> Message:
        """Set up a question of the day, wait until its first is posted, and return the post."""
        return await super().begin()

    async def pass_seconds(self, count: float) -> None:
        """Let seconds go by, with a worker that ticks all the while."""
        until = self.clock.at + timedelta(seconds=count)
        while self.clock.at < until:
            self.clock.at = min(self.clock.at + SECOND, until)
            await self.work()

    async def until_question(self, number: int, most: int = 600) -> Message:
        """Let time go by until a question of the newest round is posted, and return it."""
        for _ in range(most):
            found = [one for one in self.board.notices if one.key == f"round:{self.newest}:q{number}"]
            if found:
                return found[0].message
            await self.pass_seconds(1)
        raise AssertionError(f"question {number} never came")

    async def until_over(self, most: int = 900) -> Message:
        """Let time go by until a round has ended, and return its end."""
        for _ in range(most):
            if (await self.round(self.newest)).state is RoundState.ENDED:
                return self.ends[-1].message
            await self.pass_seconds(1)
        raise AssertionError("it never ended")

    async def say(self, who: Actor, label: str, question: Message | None = None) -> Message:
        """Answer the newest question, or another, by its button."""
        return await self.press(who, token_of(question or self.question.message, label))

    @property
    def lobby(self) -> Notice:
        """Return the newest lobby."""
        return self._of("lobby")[-1]

    @property
    def question(self) -> Notice:
        """Return the newest question of a round."""
        return [notice for notice in self.board.notices if notice.key.startswith("round:") and ":q" in notice.key][-1]

    @property
    def told(self) -> list[Notice]:
        """Return the results of questions."""
        return [notice for notice in self.board.notices if notice.key.startswith("round:") and ":a" in notice.key]

    @property
    def ends(self) -> list[Notice]:
        """Return the ends of rounds."""
        return self._of("end")

    @property
    def newest(self) -> int:
        """Return the newest round."""
        return max(int(one.key.split(":")[1]) for one in self.board.notices if one.key.startswith("round:"))

    def _of(self, what: str) -> list[Notice]:
        return [one for one in self.board.notices if one.key.startswith("round:") and one.key.endswith(f":{what}")]

    async def round(self, number: int = 1) -> Round:
        """Return a round as it is kept."""
        async with self.storage.snapshot() as work:
            found = await work.rounds.get(number)
        assert found is not None
        return found

    async def ask(self, at: int, number: int = 1) -> RoundQuestion:
        """Return a question of a round as it is kept."""
        async with self.storage.snapshot() as work:
            found = await work.rounds.question(number, at)
        assert found is not None
        return found

    async def given(self, at: int, number: int = 1) -> Sequence[RoundAnswer]:
        """Return the answers to a question of a round."""
        async with self.storage.snapshot() as work:
            return await work.round_answers.all(number, at)

    async def players(self, number: int = 1) -> Sequence[RoundPlayer]:
        """Return who plays in a round."""
        async with self.storage.snapshot() as work:
            return await work.round_answers.players(number)
