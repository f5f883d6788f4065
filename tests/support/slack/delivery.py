"""Bringing what happened to the app, over a socket or by HTTP: three seconds for the answer, retries of events."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tests.support.slack.interactions import EVENT, Answer, Interaction

RETRIES = (0.0, 60.0, 300.0)
"""Seconds before each retry of an event."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Which attempt it is; the first is number 0 and has no reason."""

    number: int
    reason: str = ""


class Link(Protocol):
    """A way to the app."""

    async def deliver(self, record: Interaction, attempt: Attempt, deadline: float) -> Answer | None:
        """Return the answer, with status 0 where the app cannot be reached; None when there was none in time."""
        ...

    def reason(self, answer: Answer | None) -> str:
        """Return Slack's word for why an attempt failed."""
        ...


class Deliveries:
    """What is under way; ``taken`` is called with each record that was acknowledged."""

    def __init__(
        self,
        link: Callable[[], Link],
        taken: Callable[[Interaction], None],
        crashes: list[BaseException],
        *,
        deadline: float,
        retry_scale: float,
    ) -> None:
        self.deadline = deadline
        self._crashes = crashes
        self._link = link
        self._taken = taken
        self._pauses = [seconds * retry_scale for seconds in RETRIES]
        self._running: set[asyncio.Task[None]] = set()

    def start(self, record: Interaction) -> None:
        """Deliver in the background."""
        task = asyncio.create_task(self._carry(record))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def stop(self) -> None:
        """Give up what is under way."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _carry(self, record: Interaction) -> None:
        try:
            await self._try(record)
        except Exception as error:
            self._crashes.append(error)
        finally:
            record.ended.set()

    async def _try(self, record: Interaction) -> None:
        attempt = Attempt(0)
        pauses = self._pauses if record.kind == EVENT else []
        for pause in [0.0, *pauses]:
            if attempt.number:
                await asyncio.sleep(pause)
            link = self._link()
            answer = await link.deliver(record, attempt, self.deadline)
            record.answers.append(answer)
            if answer is not None and 200 <= answer.status < 300:
                self._accept(record, answer)
                return
            record.status = answer.status if answer is not None else None
            record.late = record.late or answer is None
            if answer is not None and answer.headers.get("X-Slack-No-Retry") == "1":
                break
            attempt = Attempt(attempt.number + 1, link.reason(answer))
        if record.user is not None:
            record.told.append("operation_timeout" if record.late else "dispatch_failed")

    def _accept(self, record: Interaction, answer: Answer) -> None:
        record.status, record.ack_body, record.ack_seconds = answer.status, answer.body, answer.seconds
        self._taken(record)
        record.acked.set()
