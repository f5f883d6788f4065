"""Whom a message notifies: the groups and people that its mrkdwn mentions, and everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.support.slack.state import StoredMessage

_MENTION = re.compile(r"<(?:!subteam\^(?P<group>\w+)|@(?P<user>\w+)|!(?P<all>channel|here|everyone))[^<>]*>")


def pinged(message: StoredMessage) -> list[str]:
    """Return each once: ids of groups and people, and "channel", "here" or "everyone"."""
    texts = [message.text, *_mrkdwn(message.blocks)]
    found = [match[str(match.lastgroup)] for text in texts for match in _MENTION.finditer(text)]
    return list(dict.fromkeys(found))


def _mrkdwn(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for inner in part:
            yield from _mrkdwn(inner)
    elif isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        for inner in part.values():
            yield from _mrkdwn(inner)
