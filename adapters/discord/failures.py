"""What discord.py raises, as the core's errors: their texts name codes and ids, never what people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import discord

from bot.errors import Forbidden, Gone, PlatformError, RateLimited, Unreachable

MISSING_ACCESS = 50001
ALREADY_ANSWERED = 40060
DEFAULT_PAUSE = 60.0
"""Seconds to wait where Discord does not say how long."""

NETWORK = (aiohttp.ClientError, OSError, TimeoutError)
"""What a connection that fails raises; discord.py tries again only after some of it."""


@contextmanager
def translated() -> Iterator[None]:
    """Raise Gone, Forbidden, RateLimited, Unreachable or PlatformError for what discord.py raises."""
    try:
        yield
    except discord.RateLimited as error:
        raise RateLimited(error.retry_after) from error
    except discord.NotFound as error:
        raise Gone(f"Discord has it no more (code {error.code})") from error
    except discord.Forbidden as error:
        raise Forbidden(f"Discord does not allow it (code {error.code})") from error
    except discord.DiscordServerError as error:
        raise Unreachable(f"Discord failed (status {error.status})") from error
    except discord.HTTPException as error:
        if error.status == 429:
            raise RateLimited(_pause(error)) from error
        raise PlatformError(f"Discord refused it (status {error.status}, code {error.code})") from error
    except NETWORK as error:
        raise Unreachable(f"Discord did not answer ({type(error).__name__})") from error


def _pause(error: discord.HTTPException) -> float:
    written = error.response.headers.get("Retry-After", "")
    return float(written) if written.replace(".", "", 1).isdigit() else DEFAULT_PAUSE
