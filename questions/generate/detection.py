"""Object detection: overlap, average precision, anchors."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from questions.generate.family import Family, Misconception, show
from questions.model import Level, Source

_COCO = Source(title="Lin et al., Microsoft COCO, 2014", url="https://arxiv.org/abs/1405.0312")


class Boxes(NamedTuple):
    """Two boxes as (left, top, right, bottom)."""

    a: tuple[int, int, int, int]
    b: tuple[int, int, int, int]

    @property
    def overlap(self) -> int:
        """Return the area that both boxes cover."""
        width = min(self.a[2], self.b[2]) - max(self.a[0], self.b[0])
        height = min(self.a[3], self.b[3]) - max(self.a[1], self.b[1])
        return max(width, 0) * max(height, 0)

    @property
    def areas(self) -> tuple[int, int]:
        """Return the areas of both boxes."""
        one, other = ((right - left) * (bottom - top) for left, top, right, bottom in (self.a, self.b))
        return one, other


def _draw_boxes(chance: random.Random) -> Boxes:
    left, top, width, height = (
        chance.randint(0, 10),
        chance.randint(0, 10),
        chance.randint(6, 20),
        chance.randint(6, 20),
    )
    dx, dy = chance.randint(1, width - 2), chance.randint(1, height - 2)
    other = (left + dx, top + dy, left + dx + chance.randint(6, 20), top + dy + chance.randint(6, 20))
    return Boxes((left, top, left + width, top + height), other)


def _covered(t: Boxes) -> float:
    """Count unit squares."""
    one, other = (set(product(range(left, right), range(top, bottom))) for left, top, right, bottom in (t.a, t.b))
    return len(one & other) / len(one | other)


BOX_OVERLAP: Family[Boxes] = Family(
    id="dt-iou-of-two-boxes",
    subtopic="DT3",
    level=Level.EASY,
    digits=4,
    tolerance="1%",
    draw=_draw_boxes,
    stem=lambda t: (
        f"Two boxes are given as (left, top, right, bottom) in continuous coordinates: {t.a} and {t.b}. How large is "
        "their intersection over union?"
    ),
    solve=lambda t: f"{t.overlap} / ({t.areas[0]} + {t.areas[1]} - {t.overlap})",
    check=_covered,
    misconceptions={
        "sum for union": Misconception(
            lambda t: t.overlap / sum(t.areas),
            "The areas were added without taking the overlap off: it is in both of them and would count twice.",
        ),
        "dice": Misconception(
            lambda t: 2 * t.overlap / sum(t.areas),
            "That is the Dice coefficient: twice the overlap over the sum of the areas.",
        ),
        "smaller box": Misconception(
            lambda t: t.overlap / min(t.areas),
            "The overlap was divided by the smaller box. The denominator is the area that either box covers.",
        ),
    },
    explanation=lambda t, key: (
        f"The overlap reaches from {max(t.a[0], t.b[0])} to {min(t.a[2], t.b[2])} and from {max(t.a[1], t.b[1])} to "
        f"{min(t.a[3], t.b[3])}, an area of {t.overlap}. The boxes have areas of {t.areas[0]} and {t.areas[1]}, so the "
        f"union is `{t.areas[0]} + {t.areas[1]} − {t.overlap} = {sum(t.areas) - t.overlap}` and the IoU `{t.overlap} / "
        f"{sum(t.areas) - t.overlap} = {key}`. The Dice coefficient of the same boxes is "
        f"{show(2 * t.overlap / sum(t.areas))}: it is never smaller, and orders pairs of boxes in the same way. At the "
        f"usual threshold of 0.5 this pair would {'' if 3 * t.overlap >= sum(t.areas) else 'not '}count as a match."
    ),
    hint="Overlap first: the larger left and top, the smaller right and bottom.",
    source=_COCO,
)


class Ranked(NamedTuple):
    """Detections by falling confidence, true if they match an object, and the objects that none matches."""

    hits: tuple[bool, ...]
    missed: int

    @property
    def objects(self) -> int:
        """Return how many objects there are."""
        return sum(self.hits) + self.missed

    @property
    def precisions(self) -> list[Fraction]:
        """Return the precision at each hit."""
        return [Fraction(sum(self.hits[:rank]), rank) for rank, hit in enumerate(self.hits, 1) if hit]

    @property
    def enveloped(self) -> list[Fraction]:
        """Return, for each hit, the largest precision there or further down."""
        return [max(self.precisions[place:]) for place in range(len(self.precisions))]


def _draw_ranked(chance: random.Random) -> Ranked:
    return Ranked(tuple(chance.random() < 0.6 for _ in range(chance.randint(4, 7))), chance.randint(1, 2))


def _area(t: Ranked) -> float:
    """Raise recall object by object, and look among all cuts of the list for the best precision that reaches it."""
    total = Fraction(0)
    for found in range(1, t.objects + 1):
        cuts = [t.hits[:end] for end in range(1, len(t.hits) + 1)]
        total += max((Fraction(sum(cut), len(cut)) for cut in cuts if sum(cut) >= found), default=Fraction(0))
    return float(total / t.objects)


def _mean(values: list[Fraction], count: int) -> float:
    return float(sum(values) / count) if count else 0.0


AVERAGE_PRECISION: Family[Ranked] = Family(
    id="dt-average-precision",
    subtopic="DT3",
    level=Level.HARD,
    digits=4,
    tolerance="1%",
    draw=_draw_ranked,
    stem=lambda t: (
        f"There are {t.objects} objects of a class. The detections, by falling confidence, are: "
        + ", ".join("hit" if hit else "miss" for hit in t.hits)
        + ". How large is the average precision as the area under the interpolated precision–recall curve (all points, "
        "precision replaced by the largest at the same or higher recall)?"
    ),
    solve=lambda t: "(" + (" + ".join(map(str, t.enveloped)) or "0") + f") / {max(t.objects, 1)}",
    check=_area,
    misconceptions={
        "not interpolated": Misconception(
            lambda t: _mean(t.precisions, t.objects),
            "The curve was not interpolated: each precision is replaced by the largest one further down the list.",
        ),
        "missed ignored": Misconception(
            lambda t: _mean(t.enveloped, len(t.precisions)),
            "The sum was divided by the hits. Objects that were never found count as well, with precision 0.",
        ),
        "last precision": Misconception(
            lambda t: sum(t.hits) / len(t.hits),
            "That is the precision of the whole list; where the hits stand in it plays no part there.",
        ),
    },
    explanation=lambda t, key: (
        "At the hits the precisions are " + ", ".join(map(str, t.precisions)) + ". Interpolated from the right, each "
        "one becomes the largest at the same or higher recall: "
        + ", ".join(map(str, t.enveloped))
        + f". Every hit raises the recall by 1/{t.objects}, so the area is their sum over {t.objects}: {key}. "
        f"{t.missed} object{'s were' if t.missed > 1 else ' was'} never found, which adds 0. False detections below "
        "the last hit cost nothing, so detectors are evaluated with very low thresholds. COCO averages this over ten "
        "IoU thresholds, reading the curve at 101 recalls."
    ),
    hint="Precision at each hit, made non-increasing from the right; then divide by the number of objects.",
    source=_COCO,
)


class Anchors(NamedTuple):
    """A square image, the strides of the levels, and the anchors at each place."""

    side: int
    strides: tuple[int, ...]
    scales: int
    ratios: int


def _slow_anchors(t: Anchors) -> int:
    places = [len(range(0, t.side, stride)) for stride in t.strides for _ in range(t.scales) for _ in range(t.ratios)]
    return sum(sum(width for _ in range(width)) for width in places)


ANCHOR_COUNT: Family[Anchors] = Family(
    id="dt-anchors-of-a-detector",
    subtopic="DT2",
    level=Level.EASY,
    draw=lambda chance: Anchors(
        chance.choice((256, 384, 512, 640)),
        chance.choice(((8, 16, 32), (16, 32, 64), (8, 16, 32, 64), (8, 16, 32, 64, 128))),
        chance.choice((1, 2, 3)),
        chance.choice((2, 3, 5)),
    ),
    stem=lambda t: (
        f"A one-stage detector reads a {t.side}×{t.side} image. Its feature levels have strides "
        + ", ".join(map(str, t.strides))
        + f", and every position has anchors of {t.scales} scale{'s' if t.scales > 1 else ''} and {t.ratios} aspect "
        "ratios. How many anchors are there?"
    ),
    solve=lambda t: "(" + " + ".join(f"({t.side} // {s}) ** 2" for s in t.strides) + f") * {t.scales} * {t.ratios}",
    check=_slow_anchors,
    misconceptions={
        "positions": Misconception(
            lambda t: sum((t.side // s) ** 2 for s in t.strides),
            "Those are the positions. Each has an anchor for every pair of scale and aspect ratio.",
        ),
        "added": Misconception(
            lambda t: sum((t.side // s) ** 2 for s in t.strides) * (t.scales + t.ratios),
            "Scales and ratios were added. Every scale comes with every ratio, so they multiply.",
        ),
        "first level": Misconception(
            lambda t: (t.side // t.strides[0]) ** 2 * t.scales * t.ratios,
            "That is the finest level alone; the coarser ones have anchors as well.",
        ),
    },
    explanation=lambda t, key: (
        "The levels have "
        + ", ".join(f"`{t.side // s}² = {(t.side // s) ** 2:,}`" for s in t.strides)
        + f" positions, {sum((t.side // s) ** 2 for s in t.strides):,} together. Each has `{t.scales} · {t.ratios} = "
        f"{t.scales * t.ratios}` anchors: {int(key):,} in all. About three quarters stand on the finest level, since "
        "every doubling of the stride quarters the positions. Only a handful of anchors match an object, so nearly all "
        "are background: an imbalance that the focal loss and hard-negative mining are there for."
    ),
    hint="How many positions has a level of stride s, and how many anchors each?",
    source=Source(
        title="Lin et al., Focal Loss for Dense Object Detection, 2017", url="https://arxiv.org/abs/1708.02002"
    ),
)

FAMILIES = (BOX_OVERLAP, AVERAGE_PRECISION, ANCHOR_COUNT)
