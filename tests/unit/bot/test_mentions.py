"""Whom a command means."""

from __future__ import annotations

import pytest

from bot.errors import BadInput
from bot.mentions import read_mention, read_role, user_of
from bot.refs import UserRef


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("<@80351110224678912>", "80351110224678912"),
        ("<@!80351110224678912>", "80351110224678912"),
        ("<@U012AB3CD|ada>", "U012AB3CD"),
        (" <@U012AB3CD> ", "U012AB3CD"),
        ("@ada", "ada"),
        ("ada", "ada"),
    ],
)
def test_a_mention_is_read_as_each_platform_writes_it(typed: str, meant: str) -> None:
    assert read_mention(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "@", "<@>", "<@&123>", "<!here>", "@ada @alan", "<@1> <@2>", "Ada Lovelace", "@everyone!", "x" * 300]
)
def test_what_is_no_mention_is_told_how_one_is_written(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_mention(typed)
    assert refused.value.step == "Mention one person with @, such as `@ada`."
    assert len(refused.value.problem) < 150


def test_whoever_is_mentioned_is_where_the_one_who_mentions_is() -> None:
    assert user_of(UserRef("slack", "T1", "U1"), "U2") == UserRef("slack", "T1", "U2")


@pytest.mark.parametrize(
    ("typed", "meant"), [("<@&123>", "123"), (" <@&123> ", "123"), ("nobody", "nobody"), ("None", "nobody")]
)
def test_a_role_is_read_as_discord_writes_it(typed: str, meant: str) -> None:
    assert read_role(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "\u200b", "<@123>", "<@&>", "@Leader", "<@&1> <@&2>", "<@&" + "1" * 21 + ">", "x" * 300]
)
def test_what_is_no_role_is_told_how_one_is_written(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_role(typed)
    assert refused.value.step == "Mention one with @, or write `nobody`."
    assert len(refused.value.problem) < 150
