"""Read whom a command means: a mention as each platform writes it."""

from __future__ import annotations

import re

from bot.errors import BadInput
from bot.markup import escape, visible
from bot.refs import UserRef

LONGEST = 200
SHOWN = 40
NOBODY = frozenset({"", "nobody", "none", "no", "no one"})
"""What can be typed for no role or group."""
_ROLE = re.compile(r"<@&([0-9]{1,20})>")
_PERSON = re.compile(r"<@!?([A-Za-z0-9_-]{1,40})(?:\|[^<>]*)?>|@?([A-Za-z0-9_-]{1,40})")


def read_mention(typed: str) -> str:
    """Return the platform's id of a person who was mentioned: ``<@1234>``, ``<@U12|ada>``, or ``@ada`` on the page.

    Raises BadInput for anything else.
    """
    wanted = visible(typed[:LONGEST])
    found = _PERSON.fullmatch(wanted)
    if found is None:
        shown = escape(wanted[:SHOWN])
        raise BadInput(f"I cannot tell whom {shown or 'that'} means.", "Mention one person with @, such as `@ada`.")
    return found[1] or found[2]


def read_role(typed: str) -> str:
    """Return the platform's id of a role that was mentioned, or ``nobody`` for none.

    Raises BadInput for anything else.
    """
    wanted = visible(typed[:LONGEST])
    if wanted and wanted.casefold() in NOBODY:
        return "nobody"
    found = _ROLE.fullmatch(wanted)
    if found is None:
        shown = escape(wanted[:SHOWN])
        raise BadInput(f"I cannot tell which role {shown or 'that'} is.", "Mention one with @, or write `nobody`.")
    return found[1]


def user_of(by: UserRef, mentioned: str) -> UserRef:
    """Return the address of whoever somebody mentioned; they are on the same platform and in the same space."""
    return UserRef(by.platform, by.space, mentioned)
