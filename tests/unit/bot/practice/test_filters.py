"""A wish survives being stored and carried by an action."""

from __future__ import annotations

from itertools import product

import pytest

from bot.message import Action
from bot.practice.filters import read_filter, write_filter
from questions.bank import Filter
from questions.model import Kind, Level


@pytest.mark.parametrize(
    "wanted", [Filter(*parts) for parts in product(("", "CN"), ("", *Level), ("", *Kind))], ids=write_filter
)
def test_a_wish_comes_back_whole(wanted: Filter) -> None:
    action = Action.decode(Action("next", (write_filter(wanted),)).encode())
    assert action is not None
    assert read_filter(action.args[0]) == wanted


@pytest.mark.parametrize("text", ["", "_", "CN", "CN_easy", "CN_easy_one_more", "what is this"])
def test_an_unreadable_wish_is_for_anything(text: str) -> None:
    assert read_filter(text) == Filter()
