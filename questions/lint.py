"""Find what is wrong with the bank beyond its schema: keys that do not compute, give-aways, near-duplicates.

The rules follow the item-writing literature (Haladyna, Downing & Rodriguez 2002): a key must not be found by its
place, its length or the wording of its rivals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from pathlib import Path

from questions.bank import Bank, Fault, read_bank
from questions.compute import compute
from questions.model import FreeText, Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse
from questions.taxonomy import DATA

LONGEST_SHOWN = 3300
"""Characters of a question with everything revealed, so that both platforms show it with room for its controls."""
LONGEST_KEY_SHARE = 0.35
"""The largest share of one-best-answer items whose key may be the longest option."""
SAME_STEM = 0.85
"""Similarity of two stems (difflib's ratio) from which they count as near-duplicates."""

_ABSOLUTE = re.compile(r"\b(always|never|only|all|none|every|impossible|must|guarantees?)\b", re.IGNORECASE)
_CATCH_ALL = re.compile(
    r"(all|none|both|neither)( of)?( the| these)? (above|these|options|answers)\b"
    r"|(both|neither) [a-f] (and|n?or) [a-f]\b",
    re.IGNORECASE,
)
_ARXIV = re.compile(r"https://arxiv\.org/abs/\d{4}\.\d{4,5}")


def lint(folder: Path = DATA) -> list[Fault]:
    """Return every fault of the bank under ``folder``, in the order of files and lines."""
    bank, faults = read_bank(folder)
    return sorted([*faults, *_lint_items(bank), *_lint_bank(bank)])


def _lint_items(bank: Bank) -> Iterator[Fault]:
    rules: tuple[Callable[[Question], Iterator[str]], ...] = (_key, _options, _lengths, _source)
    for question in bank.questions:
        file, line = bank.places[question.id]
        for rule in rules:
            for text in rule(question):
                yield Fault(file, line, question.id, text)


def _key(question: Question) -> Iterator[str]:
    if not isinstance(question, Numeric):
        return
    try:
        value = compute(question.compute)
    except ValueError as error:
        yield f"compute: {error}"
        return
    slack = question.margin or abs(question.key) / 10**9
    if abs(value - question.key) > slack:
        yield f"compute: {question.compute!r} gives {float(value):g}, the key says {question.value}"


def _options(question: Question) -> Iterator[str]:
    if not isinstance(question, OneBest | SelectAll):
        return
    for option in question.options:
        if _CATCH_ALL.match(option.text):
            yield f"options: {option.text!r} is a catch-all; write a real alternative"
    wrong = [bool(_ABSOLUTE.search(option.text)) for option in question.options if not option.right]
    right = [bool(_ABSOLUTE.search(option.text)) for option in question.options if option.right]
    if len(wrong) > 1 and all(wrong) and not any(right):
        yield "options: absolute words stand in every wrong option and in no right one: a give-away"
    if isinstance(question, OneBest):
        key = next(len(option.text) for option in question.options if option.right)
        rivals = max(len(option.text) for option in question.options if not option.right)
        if key > rivals * 1.4 and key - rivals > 12:
            yield "options: the key is more than 1.4 times as long as any rival: a give-away"


def shown_length(question: Question) -> int:
    """Return how many characters are shown of a question with its answer revealed."""
    length = len(question.stem) + len(question.explanation) + len(question.source.title) + len(question.source.url)
    length += len(question.code.text) if question.code else 0
    length += len(question.follow_up or "")
    match question:
        case OneBest() | SelectAll():
            length += sum(len(option.text) + len(option.why or "") for option in question.options)
        case Numeric():
            length += sum(len(slip.why) for slip in question.slips)
        case Ordered():
            length += 2 * sum(map(len, question.steps)) + len(question.mistake)
        case FreeText():
            length += sum(len(point.text) for point in question.points) + len(question.model_answer)
            length += sum(map(len, question.red_flags))
        case TrueFalse():
            length += len(question.why)
    return length


def _lengths(question: Question) -> Iterator[str]:
    length = shown_length(question)
    if length > LONGEST_SHOWN:
        yield f"shows {length} characters with its answer; at most {LONGEST_SHOWN} leave room for the controls"
    words = len(question.explanation.split())
    if words < 40:
        yield f"explanation: {words} words do not explain; write 60 to 150"
    if question.code and len(question.code.text.rstrip().splitlines()) > 15:
        yield "code: more than 15 lines"


def _source(question: Question) -> Iterator[str]:
    url = question.source.url
    if "arxiv.org" in url and not _ARXIV.fullmatch(url):
        yield f"source: {url} is not of the form https://arxiv.org/abs/1512.03385"


def _lint_bank(bank: Bank) -> Iterator[Fault]:
    yield from _near_duplicates(bank)
    choices = [question for question in bank.questions if isinstance(question, OneBest)]
    if len(choices) < 20:
        return
    longest = sum(_key_is_longest(question) for question in choices)
    if longest > len(choices) * LONGEST_KEY_SHARE:
        share = longest / len(choices)
        yield Fault("", 0, "", f"the key is the longest option in {share:.0%} of {len(choices)} items; at most 35%")
    fixed = [question for question in choices if not question.shuffle]
    expected = sum(1 / len(question.options) for question in fixed)
    for place in range(5):
        held = sum(place < len(question.options) and question.options[place].right for question in fixed)
        possible = sum(1 / len(question.options) for question in fixed if place < len(question.options))
        if len(fixed) >= 12 and held > possible + 3 * math.sqrt(max(expected, 1)):
            yield Fault("", 0, "", f"the key stands in place {place + 1} in {held} of {len(fixed)} unshuffled items")


def _key_is_longest(question: OneBest) -> bool:
    key = next(len(option.text) for option in question.options if option.right)
    return all(len(option.text) < key for option in question.options if not option.right)


def _near_duplicates(bank: Bank) -> Iterator[Fault]:
    """Compare stems inside a topic: items of two topics do not ask the same thing."""
    seen: dict[str, list[Question]] = {}
    for question in bank.questions:
        for other in seen.setdefault(question.topic, []):
            matcher = SequenceMatcher(None, question.stem.casefold(), other.stem.casefold(), autojunk=False)
            if matcher.real_quick_ratio() < SAME_STEM or matcher.quick_ratio() < SAME_STEM:
                continue
            if matcher.ratio() >= SAME_STEM and (question.code is None or question.code == other.code):
                file, line = bank.places[question.id]
                yield Fault(file, line, question.id, f"asks nearly the same as {other.id}")
        seen[question.topic].append(question)
