"""The picture of a podium: its steps in pixels, those who share one, and the same in words."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures import WIDTH, Place, podium_alt, podium_picture
from tests.support.names import ODD
from tests.support.pixels import on_white, opened, places, points

GOLD, SILVER, BRONZE, STONE = (245, 200, 66), (204, 212, 219), (227, 166, 115), (234, 238, 242)
FIRST, SECOND, THIRD = Place(1, ["Ada"], 12_000), Place(2, ["Grace"], 11_000), Place(3, ["Kim"], 7000)
any_text = st.text(st.characters(exclude_categories=()), max_size=60)
any_place = st.builds(
    Place, st.integers(-2, 100), st.lists(any_text, min_size=1, max_size=9), st.integers(-(10**12), 10**12)
)


def step(picture: Image.Image, metal: tuple[int, int, int]) -> tuple[int, int]:
    """Return the middle and the top of the step with an edge of this metal."""
    top = min(y for y, count in points(picture, metal).items() if count > 200)
    across = [x for x, y in places(picture, metal) if y == top]
    return (min(across) + max(across) + 1) // 2, top


def test_the_first_stands_in_the_middle_and_highest() -> None:
    picture = opened(podium_picture([THIRD, FIRST, SECOND]))
    (gold, first), (silver, second), (bronze, third) = (step(picture, metal) for metal in (GOLD, SILVER, BRONZE))
    assert (silver, gold, bronze) == (450 - 282, 450, 450 + 282)
    assert first < second < third
    assert podium_picture([THIRD, FIRST, SECOND]) == podium_picture([FIRST, SECOND, THIRD])


def test_fewer_places_stand_in_the_middle_together() -> None:
    two = opened(podium_picture([FIRST, THIRD]))
    assert (step(two, GOLD)[0], step(two, BRONZE)[0]) == (450 - 141, 450 + 141)
    assert places(two, SILVER) == []
    one = opened(podium_picture([FIRST]))
    assert step(one, GOLD)[0] == 450
    assert {x for x, _ in places(one, STONE)} <= set(range(450 - 140, 450 + 140))


def test_winners_who_are_level_share_a_step_that_makes_room_for_their_names() -> None:
    def height(*names: int) -> int:
        people = [Place(at + 1, ["Ada"] * count, 1000) for at, count in enumerate(names)]
        return Image.open(BytesIO(podium_picture(people))).height

    assert height(2) - height(1) == 40
    assert height(4) == height(5) == height(50) == height(1) + 3 * 40
    assert height(1, 2) == height(1)  # there is room above a lower step
    assert height(1, 3) > height(1)


def test_many_names_are_cut_with_how_many_more() -> None:
    def drawn(*names: str) -> bytes:
        return podium_picture([Place(1, names, 1000)])

    assert drawn(*"ABCDE") == drawn("A", "B", "C", "+2")
    assert drawn(*"ABCD") != drawn("A", "B", "C", "+1")


@pytest.mark.parametrize("typed", ODD)
def test_any_name_stays_above_its_own_step(typed: str) -> None:
    picture = on_white(opened(podium_picture([Place(2, [typed], 1000)])))
    above = picture.crop((0, 0, WIDTH, 72)).point(lambda shade: 255 * (shade < 200)).getbbox()
    assert above is not None
    assert 450 - 136 < above[0] < above[2] < 450 + 136
    assert above[1] > 25


@settings(deadline=None, max_examples=25)
@given(st.lists(any_place, min_size=1, max_size=3, unique_by=lambda place: place.rank))
def test_anything_is_drawn_and_told(people: list[Place]) -> None:
    png = podium_picture(people)
    assert len(png) < 40_000
    picture = Image.open(BytesIO(png))
    assert (picture.mode, picture.width) == ("P", WIDTH)
    assert len(podium_alt(people)) <= 1000


@pytest.mark.parametrize(
    ("people", "error"),
    [
        ([], "1 to 3 places can be drawn, not 0"),
        ([FIRST, SECOND, THIRD, Place(4, ["Tom"], 1)], "1 to 3 places can be drawn, not 4"),
        ([FIRST, FIRST], "each place needs a rank of its own and somebody's name"),
        ([Place(1, [], 1)], "each place needs a rank of its own and somebody's name"),
    ],
)
def test_what_is_no_podium_is_refused(people: list[Place], error: str) -> None:
    with pytest.raises(ValueError, match=f"^{error}$"):
        podium_picture(people)


def test_the_words_hold_every_rank_name_and_score() -> None:
    assert podium_alt([THIRD, FIRST, SECOND]) == "1. Ada: 12, 2. Grace: 11, 3. Kim: 7."
    assert podium_alt([Place(1, ["Ada", "Grace"], 12_500)]) == "1. Ada and Grace: 12.5."
    assert podium_alt([Place(1, ["A", "B", "C", "D", "\u200b"], 0)]) == "1. A, B, C and 2 more: 0."
