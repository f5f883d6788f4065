"""Warmup as a real process in a folder of its own.

``Process`` and ``verb`` fork it from a helper that has imported it already; ``TrueProcess`` and ``true_verb`` start an
interpreter of its own, for tests of the start itself and for measurements.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Thread

from tests.support.zygote import SETTINGS, Started, start_module, start_truly

ROOT = Path(__file__).parents[2]
START_SECONDS = 30
VERB_SECONDS = 60


class Process:
    """``python -m bot …`` with settings of its own; its page's port is free and read from what it prints."""

    def __init__(self, folder: Path, *args: str, **settings: str) -> None:
        environment = _environment({"PORT": "0", "PYTHONUNBUFFERED": "1", **settings})
        self._process = self._start("bot", args, folder, environment)
        self.errors: list[str] = []
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _start(self, module: str, args: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Started:
        return start_module(module, args, folder, environment)

    def _listen(self) -> None:
        assert self._process.stderr is not None
        self.errors += list(self._process.stderr)

    def address(self) -> str:
        """Return where the page is, waiting for it."""
        return self.until(r"http://\S+")

    def until(self, pattern: str) -> str:
        """Return what fits a pattern of what it prints, waiting for it."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := re.search(pattern, line):
                return found[0]
        self._process.wait(START_SECONDS)
        raise AssertionError(f"it ended before it printed {pattern}: {''.join(self.errors)}")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()
        self._close()

    def stop(self, number: signal.Signals = signal.SIGTERM, within: float = 5) -> int:
        """Ask it to stop and return its exit status; at most ``within`` seconds later."""
        self._process.send_signal(number)
        return self.wait(within)

    def wait(self, within: float = START_SECONDS) -> int:
        """Return its exit status when it has ended by itself."""
        try:
            status = self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._close()
        return status

    def _close(self) -> None:
        self._listener.join(5)
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._process.stdout.close()
        self._process.stderr.close()


class TrueProcess(Process):
    """The same in an interpreter of its own."""

    def _start(self, module: str, args: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Started:
        return start_truly(module, args, folder, environment)


def verb(folder: Path, *args: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m bot …`` to its end."""
    return _ended(start_module, folder, args, settings)


def true_verb(folder: Path, *args: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Do the same in an interpreter of its own."""
    return _ended(start_truly, folder, args, settings)


def _ended(
    start: Callable[[str, Sequence[str], Path, Mapping[str, str]], Started],
    folder: Path,
    args: Sequence[str],
    settings: Mapping[str, str],
) -> subprocess.CompletedProcess[str]:
    process = start("bot", args, folder, _environment(settings))
    try:
        out, errors = process.communicate(timeout=VERB_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    assert process.returncode is not None
    return subprocess.CompletedProcess(process.args, process.returncode, out, errors)


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return this machine's environment with these settings of Warmup and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    return {**kept, "PYTHONPATH": str(ROOT), **settings}
