"""Which signs are one emoji."""

from __future__ import annotations

import unicodedata

import pytest

from bot.competition.emoji import DEFAULTS, read_emoji
from bot.errors import BadInput

ONE = [
    *DEFAULTS,
    "❤️",
    "☀",
    "⚡",
    "✈️",
    "⭐",
    "👍🏽",
    "👩\u200d🚀",
    "👩🏽\u200d❤️\u200d💋\u200d👨🏿",
    "🏳️\u200d🌈",
    "🏴\u200d☠️",
    "🇩🇪",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "3️⃣",
    "#️⃣",
    "🫠",
    "🀄",
    "🅰️",
]


@pytest.mark.parametrize("typed", ONE)
def test_one_emoji_is_taken_as_it_is(typed: str) -> None:
    assert read_emoji(f" {typed} ") == typed


@pytest.mark.parametrize(
    ("typed", "emoji"), [(":rocket:", "🚀"), (":fire:", "🔥"), (":fox_face:", "🦊"), (":zap:", "⚡")]
)
def test_a_short_name_is_its_emoji(typed: str, emoji: str) -> None:
    assert read_emoji(typed) == emoji


def test_every_emoji_by_chance_has_a_short_name_so_that_a_form_can_send_it_back() -> None:
    for emoji in DEFAULTS:
        assert read_emoji(f":{unicodedata.name(emoji).lower().replace(' ', '_')}:") == emoji


@pytest.mark.parametrize(
    "typed", [":x:", ":party-parrot:", "<:x:1>", "<a:wow:123456789012345678>", ":latin_small_letter_a:"]
)
def test_an_emoji_of_one_place_is_refused_with_a_hint(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_emoji(typed)
    assert refused.value.step == "Choose a standard one, such as 🚀."


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "🚀🚀",
        "🚀x",
        "🇩",
        "1",
        "#",
        "\u200d",
        "🚀\u200d",
        "🏽🏽",
        "\ufe0f",
        "@everyone",
        "🚀" * 900,
        "👩\u200d" * 9 + "👩",
    ],
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_emoji(typed)
    assert refused.value.problem == "A team takes exactly one emoji."
