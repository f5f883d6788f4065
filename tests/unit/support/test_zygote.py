"""Processes that are forked: to the tests and to themselves they are as if each had been started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.process import ROOT
from tests.support.zygote import Forked, Started, Zygote, start_module, start_truly

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells of forked processes this way")

PATIENCE = 30.0
PRINTS = "import sys; print('out', *sys.argv[1:]); print('errors', file=sys.stderr)"
SLEEPS = "import time; print('begun', flush=True); time.sleep(60)"
ENDINGS = {
    "pass": 0,
    "raise SystemExit(7)": 7,
    "import sys; sys.exit('in words')": 1,
    "1 / 0": 1,
    "import os; os._exit(9)": 9,
    "import os; os.kill(os.getpid(), 15)": -15,
    "raise KeyboardInterrupt": -2,
    "import asyncio; asyncio.run(asyncio.sleep(0)); raise SystemExit(3)": 3,
}
SHOWS = """
import os, signal, sys
print(os.getcwd(), sys.path[0], __name__, *sys.argv[1:], sys.stdin.read() == "")
print(sorted(name for name in os.environ if name.startswith(("WARMUP_", "ONLY_", "OURS_"))))
print(signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGCHLD))
print(sys.stdout.write_through, sys.stdout.line_buffering, sys.stdout.encoding, sys.stderr.line_buffering)
print("tests.support.zygote_main" in sys.modules["__main__"].__file__, sys.argv[0].endswith("program.py"))
"""


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    made = Zygote()
    yield made
    made.close()


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}", **more}


def written(folder: Path, code: str) -> Path:
    (folder / "program.py").write_text(code, encoding="utf-8")
    return folder


def forked(zygote: Zygote, folder: Path, code: str, *argv: str, **more: str) -> Forked:
    return zygote.start("program", argv, written(folder, code), environment(folder, **more))


def told(process: Started) -> tuple[str, str, int]:
    out, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode is not None
    return out, errors, process.returncode


def is_there(pid: int) -> bool:
    """Tell whether a process runs; one that nobody has waited for does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def gone_in_time(pid: int) -> bool:
    until = time.monotonic() + PATIENCE
    while is_there(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not is_there(pid)


@pytest.mark.parametrize(("code", "status"), ENDINGS.items())
def test_it_ends_with_the_status_of_a_real_start(zygote: Zygote, tmp_path: Path, code: str, status: int) -> None:
    out, errors, ended = told(forked(zygote, tmp_path, code))
    folder = written(tmp_path, code)
    true_out, true_errors, truly = told(start_truly("program", (), folder, environment(folder)))
    assert (ended, truly, out, errors.splitlines()[-1:]) == (status, status, true_out, true_errors.splitlines()[-1:])


def test_what_it_prints_comes_apart_and_whole(zygote: Zygote, tmp_path: Path) -> None:
    assert told(forked(zygote, tmp_path, PRINTS, "a", "ü b")) == ("out a ü b\n", "errors\n", 0)
    long = told(forked(zygote, tmp_path, "import sys; print('x' * 300_000); print('y' * 300_000, file=sys.stderr)"))
    assert tuple(map(len, long[:2])) == (300_001, 300_001)


@pytest.mark.parametrize("more", [{}, {"PYTHONUNBUFFERED": "1"}])
def test_it_finds_what_a_real_start_finds(zygote: Zygote, tmp_path: Path, more: Mapping[str, str]) -> None:
    given = {"ONLY_HERE": "1", **more}
    mine = told(forked(zygote, tmp_path, SHOWS, "x", **given))
    # Where the language is not said, a real start finds it in the environment, which is not this test's matter.
    truly = told(start_truly("program", ("x",), tmp_path, environment(tmp_path, PYTHONUTF8="1", **given)))
    assert mine == truly
    assert "['ONLY_HERE']" in mine[0]


def test_what_one_does_to_itself_reaches_no_other(zygote: Zygote, tmp_path: Path) -> None:
    spoils = "import os, sys, json; os.environ['OURS_X'] = '1'; os.chdir('/'); json.loads = None; sys.path[:] = []"
    assert told(forked(zygote, tmp_path, spoils))[2] == 0
    shown = "import os, json; print('OURS_X' in os.environ, os.getcwd(), json.loads('1'))"
    assert told(forked(zygote, tmp_path, shown)) == (f"False {tmp_path}\n1".replace("\n", " ") + "\n", "", 0)


def test_chance_differs_between_children(zygote: Zygote, tmp_path: Path) -> None:
    code = "import random, uuid, secrets; print(random.random(), uuid.uuid4(), secrets.token_hex())"
    drawn = [told(forked(zygote, tmp_path, code))[0].split() for _ in range(2)]
    assert set(drawn[0]).isdisjoint(drawn[1])


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, -15), (signal.SIGINT, -2), (signal.SIGKILL, -9)])
def test_signals_reach_the_child_itself(zygote: Zygote, tmp_path: Path, number: int, status: int) -> None:
    child = forked(zygote, tmp_path, SLEEPS)
    assert child.stdout.readline() == "begun\n"
    assert child.poll() is None
    child.send_signal(number)
    assert (child.wait(PATIENCE), child.poll(), is_there(child.pid)) == (status, status, False)
    child.send_signal(number)  # which is for nobody by now
    child.communicate()


def test_it_outlives_its_request_and_others_come_and_go_meanwhile(zygote: Zygote, tmp_path: Path) -> None:
    long = forked(zygote, tmp_path, SLEEPS)
    assert long.stdout.readline() == "begun\n"
    assert told(forked(zygote, tmp_path, PRINTS))[2] == 0
    with pytest.raises(subprocess.TimeoutExpired):
        long.wait(0.05)
    assert (os.getsid(long.pid), long.poll()) == (long.pid, None)
    long.kill()
    assert told(long) == ("", "", -9)


def test_its_outputs_are_closed_when_it_ends_although_another_still_runs(zygote: Zygote, tmp_path: Path) -> None:
    first = forked(zygote, tmp_path, SLEEPS)
    assert first.stdout.readline() == "begun\n"
    second = forked(zygote, tmp_path, SLEEPS)
    assert second.stdout.readline() == "begun\n"
    first.kill()
    assert told(first) == ("", "", -9)
    second.kill()
    assert told(second) == ("", "", -9)


def test_the_end_of_its_parent_ends_the_helper_and_its_children(tmp_path: Path) -> None:
    parent = """
import os, sys
from pathlib import Path
from tests.support.zygote import Zygote
zygote = Zygote()
child = zygote.start("program", (), Path.cwd(), dict(os.environ))
print(child.stdout.readline().strip(), zygote.pid, child.pid, flush=True)
sys.stdin.read() if sys.argv[1:] else os.kill(os.getpid(), 9)
"""
    written(tmp_path, SLEEPS)
    done = subprocess.run(
        [sys.executable, "-c", parent], cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, check=False
    )
    begun, helper, child = done.stdout.decode().split()
    assert (begun, done.returncode) == ("begun", -9)
    assert gone_in_time(int(helper))
    assert gone_in_time(int(child))


def test_a_helper_that_died_says_so_to_whoever_waits(tmp_path: Path) -> None:
    zygote = Zygote()
    child = forked(zygote, tmp_path, SLEEPS)
    assert child.stdout.readline() == "begun\n"
    os.kill(zygote.pid, signal.SIGKILL)
    with pytest.raises(ConnectionError):
        child.wait(PATIENCE)
    assert not zygote.alive
    os.kill(child.pid, signal.SIGKILL)
    child.stdout.close()
    child.stderr.close()
    zygote.close()
    with pytest.raises(OSError, match=r"."):
        forked(zygote, tmp_path, PRINTS)


def test_an_environment_that_changes_python_itself_gets_a_real_start(tmp_path: Path) -> None:
    folder = written(tmp_path, PRINTS)
    process = start_module("program", (), folder, {**os.environ, **environment(folder), "PYTHONHASHSEED": "3"})
    assert isinstance(process, subprocess.Popen)
    assert told(process)[2] == 0
