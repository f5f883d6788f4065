"""What the command line says when Discord refuses, and what its verbs for Discord do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.discord.permissions import NEEDS, SCOPES
from tests.e2e.discord_process import REFUSED, Study, ended, fault_of, opened_study
from tests.support.discord.rest import application
from tests.support.process import verb

NOWHERE = "http://127.0.0.1:1/api/v10"
SECRET = "another.bots-opens-nothing"  # noqa: S105


@pytest.fixture
async def study(tmp_path: Path) -> AsyncIterator[Study]:
    async with opened_study(tmp_path) as opened:
        yield opened


def _wrong(study: Study) -> str:
    """Return a token of the right form that Discord does not know."""
    return f"{study.discord.token.partition('.')[0]}.{SECRET}"


async def test_a_wrong_token_ends_the_start_with_the_mend(study: Study) -> None:
    done = await study.verb("run", "discord", DISCORD_TOKEN=_wrong(study))
    fault = fault_of(done, SECRET)
    assert fault.startswith("DISCORD_TOKEN: ")
    assert "developer portal, Bot, Reset Token" in fault


async def test_no_token_ends_the_start_with_the_mend(tmp_path: Path) -> None:
    assert fault_of(verb(tmp_path, "run", "discord")).startswith("DISCORD_TOKEN: not set; docs/discord.md")


async def test_refused_intents_end_the_start_with_the_mend(study: Study) -> None:
    # Discord refuses whoever comes back too: on a busy machine the code of one close may be lost with its connection.
    for _ in range(9):
        study.discord.gateway.refuse(4014)
    fault = fault_of(await study.verb("run", "discord"), study.discord.token)
    assert "intents" in fault
    assert "developer portal, Bot" in fault


async def test_an_interactions_endpoint_ends_the_start_with_the_mend(study: Study) -> None:
    elsewhere = application() | {"interactions_endpoint_url": "https://example.org/interactions"}
    study.discord.faults.add("GET", "/applications/@me$", status=200, body=elsewhere)
    fault = fault_of(await study.verb("run", "discord"), study.discord.token)
    assert "empty the field Interactions Endpoint URL" in fault
    assert study.discord.gateway.identifies == 0


async def test_a_token_that_is_reset_meanwhile_ends_the_run_with_the_mend(study: Study) -> None:
    process = await study.start_one()
    await study.question(study.discord.add_user("Ada"))
    async with asyncio.timeout(20):
        while not ended(process):
            study.discord.gateway.close(4004)
            await asyncio.sleep(0.1)
    assert await asyncio.to_thread(process.wait) == 1
    said, fault = (line.strip() for line in process.errors[-2:])
    assert (said, fault.startswith("DISCORD_TOKEN: ")) == (REFUSED, True)


async def test_check_prints_the_invite_link_with_every_reason(study: Study) -> None:
    done = await study.verb("check")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"https://discord.com/oauth2/authorize?client_id={study.discord.application}&scope=" in done.stdout
    reasons = [f"permission {words}: {reason}" for words, reason in NEEDS.values()]
    reasons += [f"scope {scope}: {reason}" for scope, reason in SCOPES.items()]
    assert [reason for reason in reasons if reason not in done.stdout] == []
    assert f"connected as Warmup (application {study.discord.application})" in done.stdout
    assert study.discord.token not in done.stdout


async def test_check_offline_asks_nobody(study: Study) -> None:
    done = await study.verb("check", "--offline")
    assert (done.returncode, done.stderr, study.discord.requests) == (0, "", [])
    assert "https://discord.com/oauth2/authorize?" in done.stdout


async def test_check_says_what_is_wrong_with_a_token_and_a_network(study: Study) -> None:
    assert "DISCORD_TOKEN" in fault_of(await study.verb("check", DISCORD_TOKEN=_wrong(study)), SECRET)
    fault = fault_of(await study.verb("check", "--offline", DISCORD_TOKEN=SECRET), SECRET)
    assert fault.startswith("DISCORD_TOKEN: that is no bot's token")
    fault = fault_of(await study.verb("check", DISCORD_API_URL=NOWHERE), study.discord.token)
    assert fault.startswith("Discord cannot be reached (")
    assert "DISCORD_API_URL" in fault


async def test_check_names_a_server_that_left_the_scope_out(study: Study) -> None:
    study.discord.faults.add("GET", r"/guilds/\d+/commands$", status=403, code=50001)
    fault = fault_of(await study.verb("check"), study.discord.token)
    assert study.guild.id in fault
    assert "applications.commands" in fault


async def test_sync_tells_discord_once(study: Study) -> None:
    first = await study.verb("discord", "sync")
    told = len(study.discord.state.commands[""])
    assert (first.returncode, first.stdout, told > 1) == (0, f"{told} commands synced everywhere.\n", True)
    second = await study.verb("discord", "sync")
    assert (second.returncode, second.stdout) == (0, "Discord knows these commands everywhere already.\n")
    assert study.discord.state.command_puts == [""]


async def test_sync_tells_one_server_and_takes_it_back(study: Study) -> None:
    here = study.guild.id
    told = await study.verb("discord", "sync", "--guild", here)
    known = study.discord.state.commands
    assert (told.returncode, told.stdout) == (0, f"{len(known[here])} commands synced in the server {here}.\n")
    assert (len(known[here]) > 1, "" in known) == (True, False)
    taken = await study.verb("discord", "sync", "--guild", here, "--remove")
    assert (taken.returncode, known[here]) == (0, [])


async def test_sync_in_a_server_without_the_scope_says_how_to_mend_it(study: Study) -> None:
    elsewhere = study.discord.add_guild("Elsewhere", joined=False)
    done = await study.verb("discord", "sync", "--guild", elsewhere.id)
    assert [request.status for request in study.discord.requests if request.method == "PUT"] == [403]
    fault = fault_of(done, study.discord.token)
    assert elsewhere.id in fault
    assert "applications.commands" in fault
