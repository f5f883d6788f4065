"""The order in which the characters of one line stand, and the joined forms of Arabic where Pillow has no Raqm.

The order is that of Unicode's bidirectional algorithm without its explicit marks, which nobody's name may have.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

_KINDS = {"L": "L", "R": "R", "AL": "R", "EN": "N", "AN": "N", "ES": ",", "CS": ",", "ET": "%"}
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_LAM, _TATWEEL = "\u0644", "\u0640"


@dataclass(frozen=True, slots=True)
class Run:
    """Clusters that are read in one direction, in the order in which they are read."""

    clusters: tuple[str, ...]
    leftwards: bool


def ordered(clusters: Sequence[str]) -> list[Run]:
    """Return the runs of a line from left to right; a cluster is a character with its marks."""
    kinds = [_KINDS.get(unicodedata.bidirectional(cluster[0]), " ") for cluster in clusters]
    base = next((kind for kind in kinds if kind in {"L", "R"}), "L")
    levels = [_level(kind, base) for kind in _resolved(kinds, base)]
    runs = []
    for level, group in groupby(zip(levels, clusters, strict=True), key=lambda pair: pair[0]):
        runs.append((level, Run(tuple(cluster for _, cluster in group), level == 1)))
    if base == "R":
        return [run for _, run in reversed(runs)]
    placed: list[Run] = []
    for inside, part in groupby(runs, key=lambda pair: pair[0] > 0):
        placed += [run for _, run in (reversed(list(part)) if inside else part)]
    return placed


def _level(kind: str, base: str) -> int:
    """Return 1 for what runs leftwards, 0 or 2 for what runs rightwards, by itself or inside of that."""
    if kind == "R":
        return 1
    return 2 if kind == "N" or base == "R" else 0


def _resolved(kinds: Sequence[str], base: str) -> list[str]:
    """Return L, R or N (a number among R) for each cluster."""
    numbered = list(kinds)
    for at, kind in enumerate(kinds):
        around = (kinds[at - 1] if at else " ", kinds[at + 1] if at + 1 < len(kinds) else " ")
        if (kind == "," and around == ("N", "N")) or (kind == "%" and "N" in around):
            numbered[at] = "N"
    strong = base
    for at, kind in enumerate(numbered):
        strong = kind if kind in {"L", "R"} else strong
        if kind == "N" and strong == "L":
            numbered[at] = "L"
    return _settled([kind if kind in {"L", "R", "N"} else " " for kind in numbered], base)


def _settled(kinds: Sequence[str], base: str) -> list[str]:
    """Return the kinds with each neutral one as its neighbours on both sides are, or else as the whole line is."""
    after, afters = base, []
    for kind in reversed(kinds):
        after = after if kind == " " else _side(kind)
        afters.append(after)
    before, settled = base, []
    for kind, following in zip(kinds, reversed(afters), strict=True):
        before = before if kind == " " else _side(kind)
        neutral = before if before == following else base
        settled.append(neutral if kind == " " else kind)
    return settled


def _side(kind: str) -> str:
    """Return the direction that a neighbour gives; a number among R counts as R."""
    return "R" if kind == "N" else kind


def drawn_leftwards(clusters: Sequence[str]) -> str:
    """Return a run that reads leftwards as it stands from left to right, Arabic letters in their joined forms.

    Marks are left out: they would need a place, and readers of Arabic and Hebrew are used to their absence.
    """
    forms = _forms()
    letters = list(_ligated([cluster[0] for cluster in clusters], forms))
    shown = []
    for at, letter in enumerate(letters):
        known = forms.get(letter, {})
        before = at > 0 and "final" in known and _joins(letters[at - 1], "initial", forms)
        after = at + 1 < len(letters) and "initial" in known and _joins(letters[at + 1], "final", forms)
        form = ("medial" if after else "final") if before else ("initial" if after else "isolated")
        shown.append(known.get(form, letter).translate(_MIRRORED))
    return "".join(reversed(shown))


def _joins(letter: str, form: str, forms: dict[str, dict[str, str]]) -> bool:
    """Tell whether a letter has a form that reaches out: initial to the one after it, final to the one before it."""
    return letter == _TATWEEL or form in forms.get(letter, {})


def _ligated(letters: Sequence[str], forms: dict[str, dict[str, str]]) -> Iterator[str]:
    """Yield letters, lam and the alef after it as one."""
    rest = iter(zip(letters, [*letters[1:], ""], strict=True))
    for letter, after in rest:
        if letter == _LAM and after and letter + after in forms:
            next(rest)
            yield letter + after
        else:
            yield letter


@cache
def _forms() -> dict[str, dict[str, str]]:
    """Return the forms of each Arabic letter, and of lam with alef, as Unicode lists them."""
    forms: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFC00), *range(0xFE80, 0xFEFD)):
        form, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        whole = "".join(chr(int(letter, 16)) for letter in letters)
        if form and (len(whole) == 1 or whole[0] == _LAM):
            forms.setdefault(whole, {})[form.strip("<>")] = chr(code)
    return forms
