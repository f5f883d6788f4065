"""Run a scheduler of its own with a clock that is ahead of time: ``python -m tests.e2e.scheduling``.

It is ``python -m bot run scheduler`` in all else. HASTE holds the instant from which time runs fast, and how fast, so
that leases and pauses of a minute are over in seconds.
"""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import UTC, datetime, timedelta

from adapters.clock import SystemClock
from bot.bootstrap import run
from bot.config import load_settings
from bot.logs import set_up_logging
from scheduler.errands import Timing

HASTE = "HASTE"
TICK = 0.05


class HastyClock:
    """A clock that runs ``factor`` times as fast from an instant on."""

    def __init__(self, since: datetime, factor: float) -> None:
        self._since = since
        self._factor = factor

    def now(self) -> datetime:
        """Return the hasty instant."""
        return self._since + (SystemClock().now() - self._since) * self._factor

    def real(self, seconds: float) -> timedelta:
        """Return what so many real seconds are by this clock."""
        return timedelta(seconds=seconds * self._factor)

    def write(self) -> str:
        """Return it as the text of the environment variable."""
        return f"{self._since.timestamp()} {self._factor}"

    @classmethod
    def read(cls, text: str) -> HastyClock:
        """Return the clock of a text."""
        since, factor = map(float, text.split())
        return cls(datetime.fromtimestamp(since, UTC), factor)


async def main() -> None:
    """Run until a signal comes."""
    clock = HastyClock.read(os.environ.pop(HASTE))
    settings = load_settings()
    set_up_logging(settings.log_level, settings.log_format)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await run(
        settings, ("scheduler",), stop, lambda said: print(said, flush=True), clock=clock, timing=Timing(tick=TICK)
    )


if __name__ == "__main__":
    asyncio.run(main())
