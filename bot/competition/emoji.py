"""The emoji of a team: which signs are one. Pure."""

from __future__ import annotations

import re
import unicodedata

from bot.errors import BadInput

DEFAULTS = ("🚀", "🧠", "🔥", "🦉", "🐙", "🦊", "🐢", "🌵", "🍉", "🌻", "🍋", "🪐")
"""Emoji by chance for a team that chose none."""
_SHORT = {
    "bee": "🐝",
    "boom": "💥",
    "bulb": "💡",
    "dart": "🎯",
    "dna": "🧬",
    "heart": "❤️",
    "jigsaw": "🧩",
    "star": "⭐",
    "robot_face": "🤖",
    "sunglasses": "😎",
    "tada": "🎉",
    "whale": "🐳",
    "zap": "⚡",
}
"""Short names that are in use and are not Unicode's."""
_LONGEST = 16
"""Code points of the longest family, with the joiners between its members."""
_CUSTOM = re.compile(r"<a?:\w+:\d+>|:[\w+'-]+:")
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u2300-\u23ff\u24c2\u25aa\u25ab\u25b6\u25c0"
    "\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f004\U0001f0cf\U0001f170\U0001f171\U0001f17e\U0001f17f\U0001f18e\U0001f191-\U0001f19a\U0001f201-\U0001f265"
    "\U0001f300-\U0001f3fa\U0001f400-\U0001f64f\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7f0\U0001f900-\U0001faff]"
    "\ufe0f?[\U0001f3fb-\U0001f3ff]?"
)
_EMOJI = re.compile(
    f"{_PICTURE}(?:\u200d{_PICTURE})*"
    "|[\U0001f1e6-\U0001f1ff]{2}"
    "|\U0001f3f4[\U000e0061-\U000e007a]{3,6}\U000e007f"
    "|[0-9#*]\ufe0f?\u20e3"
)


def read_emoji(typed: str) -> str:
    """Return the one emoji that was typed, or named as ``:rocket:``, which is how Slack sends what people type.

    Raises BadInput.
    """
    wanted = typed.strip()
    if _CUSTOM.fullmatch(wanted):
        wanted = _named(wanted)
        if not wanted:
            raise BadInput(
                "That emoji is one of this platform or workspace alone.", "Choose a standard one, such as 🚀."
            )
    if len(wanted) > _LONGEST or not _EMOJI.fullmatch(wanted):
        raise BadInput("A team takes exactly one emoji.", "Choose one, such as 🚀, or leave it out.")
    return wanted


def _named(code: str) -> str:
    """Return the emoji of a short name, which some platforms write in its place; empty if Unicode has none."""
    name = code.strip(":")
    try:
        found = _SHORT.get(name) or unicodedata.lookup(name.replace("_", " ").replace("-", " "))
    except KeyError:
        return ""
    return found if _EMOJI.fullmatch(found) else ""
