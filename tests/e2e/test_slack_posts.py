"""Posts of a real process, when the connection breaks or the process dies around them: each is there once."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from tests.e2e.slack_process import Study, opened_study, until
from tests.support.process import ROOT, START_SECONDS
from tests.support.zygote import Started, start_module

KEY = "daily:1:2026-11-28"


async def posting(study: Study) -> Started:
    """Start a process that posts once, and return when it is connected."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DATABASE_"))}
    environment = {**kept, "PYTHONPATH": str(ROOT), **study.settings}
    arguments = (study.team.id, study.channel.id, KEY)
    process = await asyncio.to_thread(start_module, "tests.e2e.posting", arguments, study.folder, environment)
    assert process.stdout is not None
    assert (await asyncio.to_thread(process.stdout.readline)).strip() == "connected"
    return process


async def said(process: Started) -> str:
    """Return the last word of a process, having checked that it kept what it knows to itself."""
    out, errors = await asyncio.to_thread(process.communicate, timeout=START_SECONDS)
    assert "Traceback" not in errors
    return out.strip()


def there(study: Study) -> list[str]:
    return [message.ts for message in study.channel.messages.values() if not message.deleted]


async def test_a_connection_reset_after_a_post_leaves_exactly_one(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        study.slack.faults.add("chat.postMessage", reset=True, after=True)
        first = await said(await posting(study))
        again = await said(await posting(study))
        assert there(study) == [first]
        assert again == first
        assert len(study.slack.calls_of("chat.postMessage")) == 1


async def test_a_kill_between_post_and_confirmation_leaves_exactly_one(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        study.slack.faults.add("chat.postMessage", after=True, hold=(gate := asyncio.Event()))
        process = await posting(study)
        await until(lambda: len(there(study)) == 1)
        process.kill()
        assert await said(process) == ""
        gate.set()
        # For as long as another process might still be at it, nobody makes it a second time.
        assert (await said(await posting(study))).startswith("Unreachable: the post is under way")
        assert len(there(study)) == 1
