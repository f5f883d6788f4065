"""The helper's program, ``python -m tests.support.zygote_main FD``: it imports everything and forks on request.

It has one thread and no event loop, so that a fork is a whole copy. A child leaves the loop and runs its module at the
top of the program: what it raises, and its exit, are handled by Python itself. The helper ends, and ends its children,
when the other end of its socket is closed, as it is when the tests die.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
import threading
import time
from functools import cache
from typing import Any, NamedTuple, TextIO

import questions.bank
from tests.support.zygote import PACKET

ASKED = ("adapters", "bot", "scheduler")
"""The packages of which everything is imported, but for the programs themselves."""
USED = (
    "aiosqlite",
    "alembic.command",
    "concurrent.futures.thread",
    "rich.traceback",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "typer.rich_utils",
    "zoneinfo",
)
"""What is otherwise imported only when it is used."""


class Request(NamedTuple):
    """What a child is to be: a module's program, with where it prints."""

    id: int
    module: str
    argv: list[str]
    cwd: str
    env: dict[str, str]
    outputs: list[int]


def _import_everything() -> None:
    # A bank never changes once it is read, so that all children can share one.
    questions.bank.load_bank = cache(questions.bank.load_bank)
    questions.bank.load_bank()
    for name in ASKED:
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not module.name.endswith("__main__") and ".migrations" not in module.name:
                importlib.import_module(module.name)
    for name in USED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a collection in a child would copy every page


def _serve(tests: socket.socket) -> Request | None:
    """Fork a child for each request, and tell how each ended; return its request in a child, None at the end."""
    ids: dict[int, tuple[int, int]] = {}
    """Of each child, by its pidfd: its id and pid."""
    with selectors.DefaultSelector() as selector:
        selector.register(tests, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is tests:
                    request = _receive(tests)
                    if request is None:
                        _end(pid for _, pid in ids.values())
                        return None
                    pid = os.fork()
                    if pid == 0:
                        for pidfd in ids:
                            os.close(pidfd)
                        return request
                    _tell(tests, id=request.id, pid=pid)
                    for output in request.outputs:
                        os.close(output)
                    pidfd = os.pidfd_open(pid)
                    ids[pidfd] = (request.id, pid)
                    selector.register(pidfd, selectors.EVENT_READ)
                else:
                    selector.unregister(key.fd)
                    number, pid = ids.pop(key.fd)
                    os.close(key.fd)
                    _tell(tests, id=number, status=os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _receive(tests: socket.socket) -> Request | None:
    packet, outputs, *_ = socket.recv_fds(tests, PACKET, 2)
    return Request(**json.loads(packet), outputs=outputs) if packet else None


def _tell(tests: socket.socket, **said: int) -> None:
    try:
        tests.send(json.dumps(said).encode())
    except OSError:
        return  # the tests are gone, which the next reading shows


def _end(pids: Any) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def _become(request: Request) -> None:
    """Turn this copy of the helper into the process that was asked for."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for old, new in ((nothing, 0), *zip(request.outputs, (1, 2), strict=True)):
        os.dup2(old, new)
        os.close(old)
    os.environ.clear()
    os.environ.update(request.env)
    time.tzset()
    os.chdir(request.cwd)
    sys.path[0] = request.cwd
    sys.argv = ["-m", *request.argv]
    if request.env.get("PYTHONUNBUFFERED"):
        sys.stdout = sys.__stdout__ = _unbuffered(sys.stdout, 1)  # type: ignore[misc]
        sys.stderr = sys.__stderr__ = _unbuffered(sys.stderr, 2)  # type: ignore[misc]


def _unbuffered(stream: TextIO, fd: int) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.FileIO(fd, "w", closefd=False), stream.encoding, stream.errors, write_through=True)


def main(fd: int) -> None:
    """Import, serve, and in a child run what was asked for."""
    _import_everything()
    assert threading.active_count() == 1
    with socket.socket(fileno=fd) as tests:
        request = _serve(tests)
    if request is not None:
        _become(request)
        runpy.run_module(request.module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
