"""What discord.py raises, as the core's errors: their texts name codes and ids, never what people wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.errors import Forbidden, Gone, PlatformError, RateLimited, Unreachable

MISSING_ACCESS = 50001
ALREADY_ANSWERED = 40060
NOT_TEXT = 50008
"""Messages cannot be sent to such a channel: a forum, or a category."""
NO_THREADS = 50024
"""A message there cannot have a thread: it stands in one."""
THREAD_EXISTS = 160004
UNKNOWN_MEMBER, UNKNOWN_USER = 10007, 10013
NO_RECIPIENT = 50033
TOO_MANY_CONVERSATIONS = 40003
"""Direct messages were opened too fast; whatever its status, waiting mends it."""
DEFAULT_PAUSE = 60.0
"""Seconds to wait where Discord does not say how long."""

NETWORK = (aiohttp.ClientError, OSError, TimeoutError)
"""What a connection that fails raises; discord.py tries again only after some of it."""
FAILURES = (discord.DiscordException, *NETWORK)
"""What a request of discord.py's raises when it is not done."""


_SNOWFLAKE = re.compile(r"[0-9]{1,20}")


def snowflake(text: str) -> int:
    """Return an id as discord.py takes it.

    Raises Gone for what is no id of Discord's.
    """
    if not _SNOWFLAKE.fullmatch(text):
        raise Gone(f"{text[:40]} is no id of Discord's")
    return int(text)


@contextmanager
def translated() -> Iterator[None]:
    """Raise Gone, Forbidden, RateLimited, Unreachable or PlatformError for what discord.py raises."""
    try:
        yield
    except (*FAILURES, RuntimeError) as error:
        meant = _meaning(error)
        if meant is None:
            raise
        raise meant from error


def _meaning(error: Exception) -> PlatformError | None:
    match error:
        case discord.RateLimited():
            meant: PlatformError | None = RateLimited(error.retry_after)
        case discord.InvalidData():
            meant = Gone("Discord has it as something unknown")
        case discord.HTTPException():
            meant = _BY_CODE[error.code](error) if error.code in _BY_CODE else _meaning_of_status(error)
        case discord.DiscordException():
            meant = None
        case RuntimeError() if "session is closed" not in str(error).lower():
            meant = None
        case _:
            meant = Unreachable(f"Discord did not answer ({type(error).__name__})")
    return meant


def _meaning_of_status(error: discord.HTTPException) -> PlatformError:
    match error:
        case discord.NotFound():
            meant: PlatformError = Gone(f"Discord has it no more (code {error.code})")
        case discord.Forbidden():
            meant = Forbidden(f"Discord does not allow it (code {error.code})")
        case discord.DiscordServerError():
            meant = Unreachable(f"Discord failed (status {error.status})")
        case discord.HTTPException(status=429):
            meant = RateLimited(_pause(error))
        case discord.HTTPException(status=401, code=0):
            meant = Unreachable("Discord no longer accepts the token")
        case _:
            meant = PlatformError(f"Discord refused it (status {error.status}, code {error.code})")
    return meant


def _pause(error: discord.HTTPException) -> float:
    written = error.response.headers.get("Retry-After", "")
    return float(written) if written.replace(".", "", 1).isdigit() else DEFAULT_PAUSE


_BY_CODE: dict[int, Callable[[discord.HTTPException], PlatformError]] = {
    NO_RECIPIENT: lambda _: Gone("Discord knows nobody of that id"),
    TOO_MANY_CONVERSATIONS: lambda error: RateLimited(_pause(error)),
}
"""What an answer means whatever its status."""
