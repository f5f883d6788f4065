"""Run the bank's Python listings and hold what they print against what the bank says they print."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from questions import run_listings
from questions.model import Listing, Question

OPTIONAL = ("numpy", "torch")
"""Packages that listings may use and that Warmup itself does without."""

SECONDS = 5.0
"""How long one listing may take."""

UNSTATED = (
    "code: state its output (empty if none) or the error that ends it; only a listing of torch may leave that out"
)

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a listing printed, the class of the error that ended it, if any, and that error's words."""

    printed: str
    error: str = ""
    words: str = ""


UNFINISHED = Outcome("", "unfinished")
"""The listing ran for too long, or ended the whole process."""


def installed() -> frozenset[str]:
    """Return which of the packages in ``OPTIONAL`` are there."""
    return frozenset(name for name in OPTIONAL if find_spec(name))


def check_listings(
    questions: Iterable[Question], packages: Collection[str]
) -> tuple[list[tuple[Question, str]], list[str]]:
    """Return what is wrong with which question's listing, and notes on listings that could not be run.

    ``packages`` are those of ``OPTIONAL`` that are installed.
    """
    faults: list[tuple[Question, str]] = []
    runnable: list[tuple[Question, Listing]] = []
    waiting: list[str] = []
    for question in questions:
        listing = question.code
        if listing is None or listing.language != "python":
            continue
        if not states(listing) and "torch" not in _imported(listing.text):
            faults.append((question, UNSTATED))
        lacking = [name for name in OPTIONAL if name in _imported(listing.text) and name not in packages]
        waiting += lacking[:1] if states(listing) else []
        if states(listing) and not lacking:
            runnable.append((question, listing))
        else:
            faults += [(question, text) for text in _uncompilable(listing)]
    outcomes = run_all([listing.text for _, listing in runnable])
    for (question, listing), outcome in zip(runnable, outcomes, strict=True):
        faults += [(question, text) for text in _differences(listing, outcome)]
    notes = [
        f"{name} is not installed: {waiting.count(name)} listings that use it were compiled, but not run"
        for name in OPTIONAL
        if name in waiting
    ]
    return faults, notes


def states(listing: Listing) -> bool:
    """Tell whether a listing says how it ends, so that it can be run and compared."""
    return listing.output is not None or listing.fails is not None


def run_all(sources: Sequence[str], seconds: float = SECONDS) -> list[Outcome]:
    """Return the outcome of each listing; one process runs them all, and another the rest where one ended it."""
    outcomes: list[Outcome] = []
    while len(outcomes) < len(sources):
        outcomes += _run(sources[len(outcomes) :], seconds)
        if len(outcomes) < len(sources):
            outcomes.append(UNFINISHED)
    return outcomes


def _run(sources: Sequence[str], seconds: float) -> list[Outcome]:
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder, "outcomes")
        subprocess.run(  # noqa: S603 - this interpreter, and the bank's own listings
            [sys.executable, "-I", run_listings.__file__, found, str(seconds)],
            input=json.dumps(sources),
            capture_output=True,
            encoding="utf-8",
            cwd=folder,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
        return [Outcome(*json.loads(line)) for line in found.read_text(encoding="utf-8").splitlines()]


def _imported(source: str) -> set[str]:
    """Return the top-level packages that a listing imports; none where it is no Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return set()
    names = [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def _uncompilable(listing: Listing) -> Iterator[str]:
    if listing.fails == "SyntaxError":
        return
    try:
        compile(listing.text, "<listing>", "exec")
    except (SyntaxError, ValueError) as error:
        yield f"code: does not compile: {error}"


def _differences(listing: Listing, outcome: Outcome) -> Iterator[str]:
    if outcome == UNFINISHED:
        yield f"code: did not end within {SECONDS:g} s, or ended the interpreter"
        return
    if outcome.error != (listing.fails or ""):
        really = f"ends in {outcome.error}: {outcome.words}" if outcome.error else "runs to its end"
        yield f"code: {_short(really)}; the bank says {listing.fails or 'that it runs to its end'}"
    if listing.output is not None and _trimmed(outcome.printed) != _trimmed(listing.output):
        yield f"code: prints {_short(outcome.printed)!r}; the bank says {_short(listing.output)!r}"


def _trimmed(text: str) -> str:
    """Return the text without white space at the ends of its lines and at its own end."""
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


def _short(text: str) -> str:
    text = text.rstrip()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
