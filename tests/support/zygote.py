"""Processes that start fast: forked from a helper that has imported everything already.

One helper is started for each test process, when it is first needed, and ends with it; ``zygote_main`` is its program.
What a child is asked to run, it runs as ``python -m MODULE`` would. Where forking a helper does not work, and for an
environment that changes how Python itself starts, ``start_module`` falls back to a real start.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Lock, Thread
from typing import IO, Any

_ROOT = Path(__file__).parents[2]
SETTINGS = ("WARMUP_", "DATABASE_URL", "DISCORD_TOKEN", "DISCORD_API_URL", "DISCORD_GATEWAY_URL", "PORT", "SLACK_")
"""How the names of Warmup's settings begin: the helper gets none of them."""
PACKET = 1 << 17
"""More bytes than the longest request, of which most is the environment."""
BEGIN_SECONDS = 60
_PYTHONS_OWN = ("PYTHON", "LANG", "LC_")
_HONOURED = ("PYTHONUNBUFFERED", "PYTHONPATH")
"""What a child itself makes of these."""


class Forked:
    """A child of the helper, with what the tests use of ``subprocess.Popen``; its outputs are pipes of text."""

    def __init__(self, args: Sequence[str], stdout: IO[str], stderr: IO[str]) -> None:
        self.args = list(args)
        self.pid = 0
        self.stdout = stdout
        self.stderr = stderr
        self.ending: Future[int] = Future()

    @property
    def returncode(self) -> int | None:
        """Return the exit status as ``poll`` does."""
        return self.poll()

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal, or None while it runs."""
        return self.ending.result() if self.ending.done() else None

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status when it has ended. Raises subprocess.TimeoutExpired."""
        try:
            return self.ending.result(timeout)
        except TimeoutError:
            raise subprocess.TimeoutExpired(self.args, timeout or 0) from None

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if not self.ending.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Return all that it prints, when it has ended. Raises subprocess.TimeoutExpired."""
        said: dict[str, str] = {}
        streams = {"out": self.stdout, "errors": self.stderr}
        readers = [Thread(target=partial(_read, stream, said, name), daemon=True) for name, stream in streams.items()]
        for reader in readers:
            reader.start()
        self.wait(timeout)
        for reader in readers:
            reader.join()
        for stream in streams.values():
            stream.close()
        return said["out"], said["errors"]


def _read(stream: IO[str], into: dict[str, str], name: str) -> None:
    into[name] = stream.read()


Started = subprocess.Popen[str] | Forked


def start_module(module: str, argv: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Started:
    """Start ``python -m module argv…`` in a folder with exactly this environment; its outputs are pipes of text.

    With ``TEST_TRUE_STARTS`` set, no test forks.
    """
    zygote = _shared.get() if _starts_alike(env) else None
    with suppress(ConnectionError):
        if zygote:
            return zygote.start(module, argv, cwd, env)
    return start_truly(module, argv, cwd, env)


def start_truly(module: str, argv: Sequence[str], cwd: Path, env: Mapping[str, str]) -> subprocess.Popen[str]:
    """Do the same with an interpreter of its own, which takes about a second longer."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *argv],
        cwd=cwd,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _starts_alike(env: Mapping[str, str]) -> bool:
    """Tell whether an environment lets Python start as the helper's does."""
    return _of_python(env) == _of_python(os.environ)


def _of_python(env: Mapping[str, str]) -> dict[str, str]:
    return {name: env[name] for name in env if name.startswith(_PYTHONS_OWN) and name not in _HONOURED}


class Zygote:
    """The helper, and what it tells of its children."""

    def __init__(self) -> None:
        self._socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        left_out = (*SETTINGS, *_HONOURED)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        with other:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.zygote_main", str(other.fileno())],
                cwd=_ROOT,
                env={**kept, "PYTHONPATH": str(_ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[other.fileno()],
                start_new_session=True,  # what a terminal sends reaches the tests, which end it
            )
        self.pid = self._process.pid
        self.alive = True
        self._lock = Lock()
        self._begun: dict[int, Future[int]] = {}
        self._children: dict[int, Forked] = {}
        self._count = 0
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def start(self, module: str, argv: Sequence[str], cwd: Path, env: Mapping[str, str]) -> Forked:
        """Fork a child that runs a module. Raises ConnectionError when the helper has ended."""
        (out, out_end), (errors, errors_end) = os.pipe(), os.pipe()
        child = Forked([module, *argv], open(out, encoding="utf-8"), open(errors, encoding="utf-8"))  # noqa: PTH123, SIM115
        try:
            self._ask(child, module, argv, cwd, env, (out_end, errors_end))
        except OSError:
            child.stdout.close()
            child.stderr.close()
            raise
        finally:
            os.close(out_end)
            os.close(errors_end)
        return child

    def _ask(
        self,
        child: Forked,
        module: str,
        argv: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        outputs: tuple[int, int],
    ) -> None:
        """Ask for a child, and wait until it is there."""
        begun: Future[int] = Future()
        with self._lock:
            self._count += 1
            self._begun[self._count], self._children[self._count] = begun, child
            said = {"id": self._count, "module": module, "argv": list(argv), "cwd": str(cwd), "env": dict(env)}
            socket.send_fds(self._socket, [json.dumps(said).encode()], outputs)
        child.pid = begun.result(BEGIN_SECONDS)

    def _listen(self) -> None:
        with suppress(OSError):
            while packet := self._socket.recv(PACKET):
                said = json.loads(packet)
                if "pid" in said:
                    self._begun.pop(said["id"]).set_result(said["pid"])
                else:
                    self._children.pop(said["id"]).ending.set_result(said["status"])
        self.alive = False
        gone = ConnectionError("the process from which others are forked has ended")
        lost: list[Future[Any]] = [*self._begun.values(), *(child.ending for child in self._children.values())]
        for waiting in lost:
            waiting.set_exception(gone)

    def close(self) -> None:
        """End the helper and what it forked."""
        with suppress(OSError):  # it may have ended by itself
            self._socket.shutdown(socket.SHUT_RDWR)
        self._process.wait(BEGIN_SECONDS)
        self._listener.join(BEGIN_SECONDS)
        self._socket.close()


class _Shared:
    """The one helper of this process."""

    def __init__(self, make: Callable[[], Zygote]) -> None:
        self._make = make
        self._lock = Lock()
        self._zygote: Zygote | None = None

    def get(self) -> Zygote | None:
        """Return the helper, made when first asked for; None where there can be none."""
        # pidfd_open tells the helper which child has ended; elsewhere than on Linux, fork is not safe without exec.
        if not hasattr(os, "pidfd_open") or os.environ.get("TEST_TRUE_STARTS"):
            return None
        with self._lock:
            if self._zygote is None:
                self._zygote = self._make()
                atexit.register(self._zygote.close)
            return self._zygote if self._zygote.alive else None


_shared = _Shared(Zygote)
