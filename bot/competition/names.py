"""Names of teams: what can be one, and which look alike. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from bot.errors import BadInput
from bot.markup import visible

SHORTEST, LONGEST = 2, 32
FOLDED = 120
"""Characters of a name as it is compared."""

_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Signs that are no space by their category, and show nothing."""
_ACCENTS = (range(0x0300, 0x0370), range(0x1AB0, 0x1B00), range(0x1DC0, 0x1E00), range(0x20D0, 0x2100))
"""Marks that are put on letters of any script; those of a single script may make another word."""
_EVERYWHERE = "0o 1l Il il |l ǀl ıl ɪl ɩl øo Øo łl Łl đd Đd ħh Ħh ŧt Ŧt ɡg ɑa ʏy ӏl Ӏl өo Өo"
_SMALL_LIKE = (
    "аa вb гr еe кk мm нh оo рp сc тt уy үy хx ѕs іl јj һh ԁd ԛq ԝw ԍg єe ьb "
    "αa βb γy εe ηn ιl κk μu νv οo ρp σo ςc τt υu χx ωw ϳj օo սu հh ոn ցg"
)
"""Small letters of other scripts that look like Latin ones: each with the Latin letter."""
_CAPITAL_LIKE = (
    "АA ВB ЕE КK МM НH ОO РP СC ТT УY ҮY ХX ЅS ІL ЈJ ҺH ԀD ԚQ ԜW ЬB "
    "ΑA ΒB ΕE ΖZ ΗH ΙL ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϹC ͿJ ՕO ՍU "
    "ᎠD ᎡR ᎢT ᎪA ᎫJ ᎬE ᎳW ᎷM ᎻH ᏀG ᏃZ ᏟC ᏢP ᏦK ᏞL ᏔW ᏙV ᏚS"
)
"""Capitals, likewise: some look like another letter than their small ones do, such as Ν, which is no V."""
_LIGATURES = {"æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe"}


def _letters(*pairs: str) -> Mapping[int, str]:
    return str.maketrans({**{pair[0]: pair[1] for pair in " ".join(pairs).split()}, **_LIGATURES})


_SMALL = _letters(_EVERYWHERE, _SMALL_LIKE)
_CAPITAL = _letters(_EVERYWHERE, _CAPITAL_LIKE)


def read_team_name(typed: str) -> str:
    """Return a name that a team can have: on one line, without what cannot be seen.

    Raises BadInput.
    """
    name = unicodedata.normalize("NFC", visible("".join(sign for sign in typed if _is_drawn(sign))))
    if not fold(name) or not any(sign.isalnum() for sign in name):
        raise BadInput("A team's name needs a letter or a digit.", "Choose another, such as `Gradients`.")
    if len(name) < SHORTEST:
        raise BadInput(f"A team's name needs at least {SHORTEST} characters.", "Choose a longer one.")
    if len(name) > LONGEST:
        raise BadInput(f"That name is {len(name)} characters long.", f"Use at most {LONGEST}.")
    return name


def fold(name: str) -> str:
    """Return a name as it is kept to be compared: the same for names that look alike in small letters."""
    return _folded(name, str.casefold, _SMALL)


def look_alike(one: str, other: str) -> bool:
    """Tell whether two names could be taken for one another, in small letters or in capitals."""
    return not _looks(one).isdisjoint(_looks(other))


@lru_cache(maxsize=1024)
def _looks(name: str) -> frozenset[str]:
    return frozenset((fold(name), _folded(name, str.upper, _CAPITAL)))


def _folded(name: str, case: Callable[[str], str], letters: Mapping[int, str]) -> str:
    """Return the letters and digits of a name as Latin ones where they look so, without accents."""
    plain = "".join(_digit(sign) for sign in unicodedata.normalize("NFKC", name) if _is_drawn(sign))
    parts = unicodedata.normalize("NFKD", case(plain))
    bare = "".join(sign for sign in parts if not any(ord(sign) in marks for marks in _ACCENTS))
    latin = bare.translate(letters).casefold().translate(_SMALL)
    return "".join(sign for sign in latin if sign.isalnum() or unicodedata.category(sign).startswith("M"))[:FOLDED]


def _digit(sign: str) -> str:
    """Return a digit of any script as the one that is written 0 to 9."""
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)


def _is_drawn(sign: str) -> bool:
    """Tell whether a sign is more than a blank, and more than how another is to be drawn."""
    return sign not in _BLANK and not "\ufe00" <= sign <= "\ufe0f" and not "\U000e0100" <= sign <= "\U000e01ef"
