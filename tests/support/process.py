"""Warmup as a real process in a folder of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).parents[2]
START_SECONDS = 30
_SETTINGS = ("WARMUP_", "DATABASE_URL", "DISCORD_TOKEN", "DISCORD_API_URL", "DISCORD_GATEWAY_URL", "PORT", "SLACK_")


class Process:
    """``python -m bot …`` with settings of its own; its page's port is free and read from what it prints."""

    def __init__(self, folder: Path, *args: str, **settings: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", *args],
            cwd=folder,
            env=_environment({"PORT": "0", "PYTHONUNBUFFERED": "1", **settings}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.errors: list[str] = []
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

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


def verb(folder: Path, *args: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m bot …`` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *args],
        cwd=folder,
        env=_environment(settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return this machine's environment with these settings of Warmup and no others."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_SETTINGS)}
    return {**kept, "PYTHONPATH": str(ROOT), **settings}
