"""Run Python listings and tell what each printed: a program of its own, so that no listing meets Warmup's state.

``run_listings.py OUTCOMES SECONDS`` reads a JSON list of sources from standard input. As soon as a listing has run, it
adds a line of JSON to the file OUTCOMES: ``[what it printed, the class of the error that ended it or "", that error's
words]``. A listing that takes longer than SECONDS, or ends the process, ends it without a line of its own.
"""

from __future__ import annotations

import faulthandler
import io
import json
import sys
import warnings
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from importlib.util import find_spec
from pathlib import Path


def run(source: str) -> tuple[str, str, str]:
    """Return what a listing prints, and the class and words of the error that ends it, or empty texts."""
    printed = io.StringIO()
    with ExitStack() as kept:
        kept.enter_context(redirect_stdout(printed))
        kept.enter_context(redirect_stderr(io.StringIO()))
        kept.enter_context(warnings.catch_warnings())
        if "numpy" in source and find_spec("numpy"):
            import numpy as np  # noqa: PLC0415 - most listings need none

            kept.enter_context(np.printoptions())
            kept.enter_context(np.errstate())
        try:
            exec(compile(source, "<listing>", "exec"), {"__name__": "__main__"})  # noqa: S102 - the bank's own listings
        except BaseException as error:  # SystemExit is a way to end, too
            return printed.getvalue(), type(error).__name__, str(error)
    return printed.getvalue(), "", ""


def main(outcomes: Path, seconds: float) -> None:
    """Run every listing of standard input."""
    with outcomes.open("w", encoding="utf-8") as file:
        for source in json.load(sys.stdin):
            faulthandler.dump_traceback_later(seconds, exit=True)
            outcome = run(source)
            faulthandler.cancel_dump_traceback_later()
            file.write(json.dumps(outcome) + "\n")
            file.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
