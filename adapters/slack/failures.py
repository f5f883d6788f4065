"""What Slack answers and what a connection raises, as the core's errors: their texts name codes, never words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import Forbidden, Gone, PlatformError, RateLimited, Unreachable

DEFAULT_PAUSE = 30.0
"""Seconds to wait where Slack does not say how long."""
NETWORK = (aiohttp.ClientError, OSError, asyncio.TimeoutError)
FAILURES = (SlackClientError, *NETWORK)
"""What a call raises when it is not done, or when nobody knows."""

LOST = frozenset(
    {"token_revoked", "invalid_auth", "account_inactive", "not_authed", "token_expired", "app_uninstalled"}
)
"""The workspace removed Warmup, or its token is worth nothing any more."""
_GONE = frozenset({
    "channel_not_found", "is_archived", "message_not_found", "cant_update_message", "edit_window_closed",
    "user_not_found", "users_not_found", "user_disabled", "not_found", "team_not_found", "expired_url", "used_url",
    "thread_not_found", "cannot_reply_to_message",
})  # fmt: skip
_FORBIDDEN = frozenset({
    "not_in_channel", "user_not_in_channel", "missing_scope", "no_permission", "access_denied",
    "team_access_not_granted",
    "ekm_access_denied", "not_allowed_token_type", "cannot_dm_bot", "messages_tab_disabled", "restricted_action",
    "user_not_visible",
})  # fmt: skip
_BROKEN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_TRIGGERS = frozenset(
    {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged"}
)


class Lost(Gone):
    """The workspace's token is worth nothing any more."""


class TriggerSpent(Gone):
    """A form could be opened within three seconds of the press, and they are over."""


class Refused(PlatformError):
    """Slack does not take a call as it is; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack refused it ({code})")
        self.code = code


@contextmanager
def translated() -> Iterator[None]:
    """Raise Gone, Forbidden, RateLimited, Unreachable or PlatformError for what slack_sdk and aiohttp raise."""
    try:
        yield
    except FAILURES as error:
        raise _meaning(error) from None  # the error itself repeats the answer, which may hold what people wrote


def meaning_of(code: str) -> PlatformError:
    """Return what an error code of Slack's means."""
    match code:
        case _ if code in LOST:
            meant: PlatformError = Lost(f"Slack no longer accepts the token ({code})")
        case _ if code in _TRIGGERS:
            meant = TriggerSpent(f"too late for a form ({code})")
        case _ if code in _GONE:
            meant = Gone(f"Slack has it no more ({code})")
        case _ if code in _FORBIDDEN or code.startswith("restricted_action"):
            meant = Forbidden(f"Slack does not allow it ({code})")
        case "ratelimited" | "rate_limited":
            meant = RateLimited(DEFAULT_PAUSE)
        case _ if code in _BROKEN:
            meant = Unreachable(f"Slack failed ({code})")
        case _:
            meant = Refused(code)
    return meant


def meaning_of_status(status: int, retry_after: str) -> PlatformError | None:
    """Return what an HTTP status means by itself; None for one that says nothing."""
    if status == 429:
        return RateLimited(float(retry_after) if retry_after.isdigit() else DEFAULT_PAUSE)
    return Unreachable(f"Slack failed (status {status})") if status >= 500 else None


def _meaning(error: Exception) -> PlatformError:
    if not isinstance(error, SlackApiError):
        return Unreachable(f"Slack did not answer ({type(error).__name__})")
    response = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    retry_after = str(response.headers.get("Retry-After", "")) if hasattr(response, "headers") else ""
    data = getattr(response, "data", None)
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    by_status = meaning_of_status(int(status or 0), retry_after)
    if by_status is not None:
        return by_status
    return meaning_of(code) if code else Unreachable("Slack gave an answer that cannot be read")
