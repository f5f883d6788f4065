"""What Slack's reference says of the arguments of its methods, and how they arrive: JSON, a form or a query."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Self

from tests.support.slack.state import Json

_STRUCTURED: dict[str, type] = {"blocks": list, "attachments": list, "files": list, "metadata": dict, "view": dict}
_FLAGS = frozenset(
    {"mrkdwn", "link_names", "unfurl_links", "unfurl_media", "reply_broadcast", "return_im", "include_all_metadata"}
    | {"include_locale", "include_num_members", "inclusive", "prevent_creation", "test"}
)
_NUMBERS = frozenset({"limit", "length"})
_FORMS_ONLY = frozenset(
    {"auth.revoke", "bots.info", "conversations.history", "conversations.info", "conversations.replies"}
    | {"files.getUploadURLExternal", "files.info", "oauth.v2.access", "team.info", "users.info", "apps.uninstall"}
)
_COMMON = frozenset({"token", "team_id"})
REQUIRED: dict[str, tuple[str, ...]] = {
    "chat.postMessage": ("channel",),
    "chat.postEphemeral": ("channel", "user"),
    "chat.update": ("channel", "ts"),
    "chat.delete": ("channel", "ts"),
    "conversations.info": ("channel",),
    "conversations.history": ("channel",),
    "conversations.replies": ("channel", "ts"),
    "users.info": ("user",),
    "views.open": ("view",),
    "views.update": ("view",),
    "views.push": ("view",),
    "views.publish": ("user_id", "view"),
    "files.getUploadURLExternal": ("filename", "length"),
    "files.completeUploadExternal": ("files",),
    "files.info": ("file",),
    "apps.uninstall": ("client_id", "client_secret"),
}


def decoded(arguments: Json, *, as_json: bool) -> tuple[Json, list[str]]:
    """Return arguments with their texts turned to what they stand for, and what is wrong with their types."""
    clean: Json = {}
    faults = []
    for name, value in arguments.items():
        given = _flat(name, value) if isinstance(value, str) and not (as_json and name in _FLAGS | _NUMBERS) else value
        wanted = _STRUCTURED.get(name, bool if name in _FLAGS else int if name in _NUMBERS else str)
        if not isinstance(given, wanted) or (wanted is int and isinstance(given, bool)):
            faults.append(f"{name} is {type(given).__name__}, not {wanted.__name__}")
        clean[name] = given
    return clean, faults


def _flat(name: str, value: str) -> Any:
    """Return what a text of a form stands for; the text itself where it stands for nothing."""
    if name in _STRUCTURED or name in _NUMBERS:
        try:
            return json.loads(value)
        except ValueError:
            return value
    if name in _FLAGS:
        return {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    return value


class Spec:
    """The arguments of each method: name, and whether it is required."""

    def __init__(self, methods: Json) -> None:
        self.methods = methods

    @classmethod
    def from_environment(cls) -> Self | None:
        """Return what the file named by SLACK_METHODS says, or None without one."""
        path = os.environ.get("SLACK_METHODS")
        return cls(json.loads(Path(path).read_text(encoding="utf-8"))) if path else None

    def violations(self, method: str, arguments: Json) -> list[str]:
        """Return which arguments the method does not have, and which it misses."""
        known = self.methods.get(method)
        if known is None:
            return [f"{method}: is not in the reference"]
        wanted: dict[str, bool] = known["args"]
        strange = [f"{method}: has no argument {name!r}" for name in arguments if name not in wanted.keys() | _COMMON]
        return strange + [
            f"{method}: misses {name!r}" for name, must in wanted.items() if must and name not in arguments
        ]


def takes_json(method: str) -> bool:
    """Tell whether a method reads a JSON body; the others take forms only."""
    return method not in _FORMS_ONLY
