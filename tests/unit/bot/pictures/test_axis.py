"""Round levels for scores, and labels that are moved apart."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pictures.axis import Frame, levels, moved_apart


@pytest.mark.parametrize(
    ("scores", "shown"),
    [
        ([0], [0, 1000]),
        ([3000], [0, 1000, 2000, 3000]),
        ([21_000], [0, 5000, 10_000, 15_000, 20_000, 25_000]),
        ([0, 100_000], [0, 20_000, 40_000, 60_000, 80_000, 100_000]),
        ([-3000, 4000], [-4000, -2000, 0, 2000, 4000]),
        ([-5000], [-5000, -4000, -3000, -2000, -1000, 0]),
        ([300, 700], [0, 200, 400, 600, 800]),
    ],
)
def test_levels_are_round_and_hold_all_scores(scores: list[int], shown: list[int]) -> None:
    assert levels(scores) == shown


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=9))
def test_levels_are_few_even_and_hold_zero(scores: list[int]) -> None:
    shown = levels(scores)
    assert 2 <= len(shown) <= 6
    assert shown[0] <= min(0, *scores)
    assert shown[-1] >= max(0, *scores)
    assert 0 in shown
    assert len({after - before for before, after in pairwise(shown)}) == 1


def test_labels_that_have_room_stay_and_others_share_the_way() -> None:
    assert moved_apart([10, 100, 50], 20, 0, 200) == [10, 100, 50]
    assert moved_apart([100, 100], 20, 0, 200) == [90, 110]
    assert moved_apart([50, 110, 100, 105], 20, 0, 200) == [50, 125, 85, 105]
    assert moved_apart([0, 0, 5], 20, 0, 200) == [0, 20, 40]
    assert moved_apart([200, 199], 20, 0, 200) == [200, 180]


@given(st.lists(st.floats(0, 300), min_size=1, max_size=8))
def test_labels_never_touch_nor_leave_and_keep_their_order(wanted: list[float]) -> None:
    placed = moved_apart(wanted, 36, 0, 300)
    pairs = sorted(zip(wanted, placed, strict=True))
    assert all(after - before >= 36 - 1e-6 for before, after in pairwise(sorted(placed)))
    assert all(before[1] < after[1] for before, after in pairwise(pairs) if before[0] < after[0])
    assert min(placed) >= -1e-6
    assert max(placed) <= 300 + 1e-6


def test_a_frame_places_points_and_scores() -> None:
    frame = Frame(100, 500, 10, 210, 0, 2000, 5)
    assert [frame.x(point) for point in (0, 1, 4)] == [100, 200, 500]
    assert [frame.y(score) for score in (0, 500, 2000)] == [210, 160, 10]
    assert Frame(100, 500, 10, 210, 0, 2000, 1).x(0) == 100
