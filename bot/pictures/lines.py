"""Scores over time: a line for each person or team, with its name and last score at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.message import ALT
from bot.pictures.axis import Frame, levels, moved_apart
from bot.pictures.marks import SIZE, STYLES, draw_mark
from bot.pictures.plate import FAINT, MARGIN, PLATE, SMALL, TRACK, WIDTH, Plate
from bot.pictures.text import NAMELESS, Letters, Written
from bot.pictures.words import has_tenths, listed, score_text, short

MOST, POINTS = 8, 48
"""How many lines a picture can hold, and how many points each."""

_GAP = 14
_LABEL = 24
"""Size of a label at the end of a line."""
_LABELS = 210
"""The most that names may take, so that lines have room."""
_PITCH = 36
"""The least distance of labels from each other."""
_PLOT, _BELOW = 340, 46
"""Heights of the plot and of what is below it."""
_THICK, _HAIR, _LEAD = 3.5, 2, 1.5
_MARKS = 12
"""The most marks along a line."""
_LEADER = 32
_SHADES = 64


@dataclass(frozen=True, slots=True)
class Line:
    """A line: the name as typed, and the scores in thousandths from the first point of the time axis on.

    It ends where its scores end; the axis may go on.
    """

    name: str
    scores: Sequence[int]


@dataclass(frozen=True, slots=True)
class Tick:
    """A label below the time axis, at a point: 0 is the first score of each line."""

    point: int
    label: str


def lines_picture(lines: Sequence[Line], ticks: Sequence[Tick] = (), *, points: int = 0) -> bytes:
    """Return a PNG of one to eight lines of one to 48 points.

    The time axis has ``points`` points, or as many as the longest line where that is 0. Lines are told apart by their
    labels, marks, dashes and colours. Labels of times that would touch the one before are left out. It may be called
    in several threads at once. Raises ValueError for another number of lines or points, and for a line or tick that
    reaches beyond the axis.
    """
    points = points or max((len(line.scores) for line in lines), default=0)
    _check(lines, ticks, points)
    plate = Plate(2 * MARGIN + _PLOT + _BELOW)
    labels = _labels(plate.letters, lines)
    frame = _draw_levels(plate, lines, max(label.width for label in labels), points)
    _draw_ticks(plate, frame, ticks)
    _draw_lines(plate, frame, lines)
    _draw_labels(plate, frame, lines, labels)
    return plate.packed(_SHADES)


def lines_alt(lines: Sequence[Line], ticks: Sequence[Tick] = ()) -> str:
    """Return the picture in a sentence of at most 1000 characters: every score, or only the last ones."""
    tenths = has_tenths(score for line in lines for score in line.scores)
    times = [short(tick.label) for tick in sorted(ticks, key=lambda tick: tick.point)]
    span = f"From {times[0]} to {times[-1]}: " if len(times) > 1 else ""
    told = [[score_text(score, tenths=tenths) for score in line.scores] for line in lines]
    names = [short(line.name, NAMELESS) for line in lines]
    every = [f"{name} {', '.join(scores)}" for name, scores in zip(names, told, strict=True)]
    whole = f"{span}{'; '.join(every)}."
    if len(whole) <= ALT:
        return whole
    return span + listed([f"{name} {scores[-1]}" for name, scores in zip(names, told, strict=True)], ALT - len(span))


@dataclass(frozen=True, slots=True)
class _Label:
    """What stands at the end of a line."""

    name: Written
    score: Written

    @property
    def width(self) -> float:
        return 2 * SIZE + _GAP / 2 + self.name.width + _GAP + self.score.width


def _check(lines: Sequence[Line], ticks: Sequence[Tick], points: int) -> None:
    """Raise ValueError for what cannot be drawn."""
    if not 1 <= len(lines) <= MOST:
        raise ValueError(f"1 to {MOST} lines can be drawn, not {len(lines)}")
    if not 1 <= points <= POINTS:
        raise ValueError(f"1 to {POINTS} points can be drawn, not {points}")
    if not all(1 <= len(line.scores) <= points for line in lines):
        raise ValueError(f"each line needs 1 to {points} scores")
    if not all(0 <= tick.point < points for tick in ticks):
        raise ValueError(f"each tick is at a point from 0 to {points - 1}")


def _labels(letters: Letters, lines: Sequence[Line]) -> list[_Label]:
    """Return the names and last scores."""
    tenths = has_tenths(score for line in lines for score in line.scores)
    return [
        _Label(
            letters.written(line.name, _LABEL, room=_LABELS),
            letters.written(score_text(line.scores[-1], tenths=tenths), _LABEL, bold=True),
        )
        for line in lines
    ]


def _draw_levels(plate: Plate, lines: Sequence[Line], labelled: float, points: int) -> Frame:
    """Draw the axis of scores; return the frame, which leaves ``labelled`` pixels for labels where the lines end."""
    scale = levels([score for line in lines for score in line.scores])
    tenths = has_tenths(scale)
    values = [plate.letters.written(score_text(level, tenths=tenths), SMALL) for level in scale]
    left = MARGIN + max(value.width for value in values) + _GAP
    # Where the axis goes on after the last scores, the labels stand in the plot.
    last = max(len(line.scores) for line in lines) - 1
    ended = (WIDTH - MARGIN - labelled - _LEADER - left) * (points - 1) / max(1, last)
    right = min(left + ended, WIDTH - MARGIN) if points > 1 else WIDTH - MARGIN
    frame = Frame(left, right, MARGIN, MARGIN + _PLOT, scale[0], scale[-1], points)
    for level, value in zip(scale, values, strict=True):
        y = round(frame.y(level))  # between two rows of points a thin line would look thicker
        plate.line([(left, y), (right, y)], _HAIR, FAINT if level == 0 else TRACK)
        plate.write(value, left - _GAP, y, FAINT, align=1)
    return frame


def _draw_ticks(plate: Plate, frame: Frame, ticks: Sequence[Tick]) -> None:
    """Write the times below, each in the middle below its point unless the picture ends there."""
    free = 0.0
    for tick in sorted(ticks, key=lambda tick: tick.point):
        x = frame.x(tick.point)
        label = plate.letters.written(tick.label, SMALL, room=_LABELS, instead="")
        start = min(max(x - label.width / 2, MARGIN / 2), WIDTH - MARGIN / 2 - label.width)
        if start < free:
            continue
        free = start + label.width + _GAP
        plate.line([(x, frame.bottom), (x, frame.bottom + 8)], _HAIR, FAINT)
        plate.write(label, start, frame.bottom + _BELOW * 0.75, FAINT)


def _draw_lines(plate: Plate, frame: Frame, lines: Sequence[Line]) -> None:
    """Draw the lines, whole ones below dashed ones, which then show where both are the same; then all marks."""
    styled = sorted(zip(lines, STYLES, strict=False), key=lambda pair: bool(pair[1].dashes))
    for line, style in styled:
        points = [(frame.x(point), frame.y(score)) for point, score in enumerate(line.scores)]
        if len(points) > 1:
            plate.line(points, _THICK, style.colour, style.dashes)
    for line, style in reversed(list(zip(lines, STYLES, strict=False))):
        last = len(line.scores) - 1
        every = -(-last // _MARKS) or 1
        for point in range(last, -1, -every):
            draw_mark(plate, style, frame.x(point), frame.y(line.scores[point]))


def _draw_labels(plate: Plate, frame: Frame, lines: Sequence[Line], labels: Sequence[_Label]) -> None:
    """Write each line's label beside its end, moved apart, with a thin line to where it belongs."""
    ends = [(frame.x(len(line.scores) - 1), frame.y(line.scores[-1])) for line in lines]
    places = moved_apart([y for _, y in ends], _PITCH, frame.top, frame.bottom)
    left = max(x for x, _ in ends) + _LEADER
    widest = max(label.width for label in labels)
    if left < frame.right:
        for y in places:
            plate.box(left - SIZE, y - _PITCH / 2, left + widest, y + _PITCH / 2, 0, PLATE)
    for (x, y), place, label, style in zip(ends, places, labels, STYLES, strict=False):
        plate.line([(x + 1.6 * SIZE, y), (left - 0.6 * SIZE, place)], _LEAD, style.colour)
        draw_mark(plate, style, left + SIZE, place)
        plate.write(label.name, left + 2 * SIZE + _GAP / 2, place)
        plate.write(label.score, left + label.width, place, align=1)
