"""Find questions that ask nearly the same, or offer nearly the same options, without comparing every pair in full.

Comparing two texts letter by letter is slow, so a pair is compared only if its lengths and its words allow the
similarity that counts: of texts as similar as that, most words are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from questions.model import OneBest, Question, SelectAll

SAME = 0.85
"""Similarity of two texts (difflib's ratio) from which they count as near-duplicates."""

_SHARED_WORDS = 0.6
"""The share of common words (Dice's coefficient) below which two texts are not compared."""
_TELLING = 60
"""Characters that the options of a question need together to be compared: numbers and names may well come again."""

_WORD = re.compile(r"\w+")
_ARTICLE = re.compile(r"\b(a|an|the)\b|[.,;:!]+$|\s+")


@dataclass(frozen=True, slots=True)
class _Text:
    question: Question
    folded: str
    words: frozenset[str]


def duplicates(questions: Sequence[Question]) -> Iterator[tuple[Question, str]]:
    """Yield each question that repeats one before it, with what it repeats."""
    stems = [_text(question, question.stem) for question in questions]
    for later, earlier in _similar(stems):
        if later.code is None or later.code == earlier.code:
            yield later, f"asks nearly the same as {earlier.id}"
    offered = [(question, "\n".join(sorted(_options(question)))) for question in questions]
    options = [_text(question, text) for question, text in offered if len(text) >= _TELLING]
    for later, earlier in _similar(options):
        yield later, f"offers nearly the same options as {earlier.id}"


def same_options(question: OneBest | SelectAll) -> Iterator[tuple[str, str]]:
    """Yield the pairs of options that differ in articles, capitals, white space or the full stop at the end alone."""
    seen: dict[str, str] = {}
    for option in question.options:
        bare = _ARTICLE.sub("", option.text.casefold())
        if bare in seen:
            yield seen[bare], option.text
        seen[bare] = option.text


def _options(question: Question) -> list[str]:
    return [option.text for option in question.options] if isinstance(question, OneBest | SelectAll) else []


def _text(question: Question, text: str) -> _Text:
    folded = text.casefold()
    return _Text(question, folded, frozenset(_WORD.findall(folded)))


def _similar(texts: Sequence[_Text]) -> Iterator[tuple[Question, Question]]:
    """Yield the pairs of similar texts, the later one first, in the order of the later one."""
    found: list[tuple[int, int]] = []
    by_length = sorted(range(len(texts)), key=lambda place: len(texts[place].folded))
    for rank, shorter in enumerate(by_length):
        short = texts[shorter]
        # ratio() is 2 * matches / both lengths, and no more than all of the shorter text can match.
        longest = len(short.folded) * (2 - SAME) / SAME
        for longer in by_length[rank + 1 :]:
            long = texts[longer]
            if len(long.folded) > longest:
                break
            shared = len(short.words & long.words) * 2
            if shared >= _SHARED_WORDS * (len(short.words) + len(long.words)) and _alike(short.folded, long.folded):
                found.append((max(shorter, longer), min(shorter, longer)))
    for later, earlier in sorted(found):
        yield texts[later].question, texts[earlier].question


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= SAME and matcher.ratio() >= SAME
