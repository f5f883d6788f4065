"""What Warmup asks of a workspace: each scope and event with its reason."""

from __future__ import annotations

from collections.abc import Iterable

SCOPES = {
    "commands": "to offer its slash commands and the shortcut",
    "chat:write": "to post questions and results in channels it was invited to, and to write to you",
    "users:read": "to know your name, your time zone, and who looks after the workspace",
    "channels:read": "to say what keeps it from posting in a public channel before a post is due",
    "groups:read": "the same for private channels",
    "files:write": "to show pictures, such as a board",
    "files:read": "to know when Slack has made a picture ready to be shown",
}
"""What Warmup needs, and why."""
OPTIONAL_SCOPES = {
    "channels:history": "to find out whether a post was made when the connection broke, in public channels",
    "groups:history": "the same in private channels",
}
"""What Warmup can do without: a post whose outcome is unknown is then not made again."""
APP_SCOPES = {"connections:write": "to receive what people do over a socket, without a public address"}
"""What the app-level token of Socket Mode needs."""

EVENTS = {
    "app_home_opened": "to show your progress on the app's Home tab",
    "app_uninstalled": "to forget the workspace's tokens",
    "tokens_revoked": "the same when somebody takes them back",
}
"""What Warmup is told of."""


def missing(granted: Iterable[str]) -> list[str]:
    """Return the needed scopes that were not granted."""
    have = set(granted)
    return [scope for scope in SCOPES if scope not in have]


def scope_lines() -> list[str]:
    """Return a line for each scope with its reason."""
    needed = [f"  scope {scope}: {reason}" for scope, reason in SCOPES.items()]
    return [*needed, *(f"  scope {scope} (optional): {reason}" for scope, reason in OPTIONAL_SCOPES.items())]
