"""Warmup on Slack as real processes: killed, cut off, rate limited, thrown out, two behind one address, stopped."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from tests.e2e.slack_process import HTTP, SOCKET, control, opened_study, options, stop, told, until

WAYS = [SOCKET, HTTP]


@pytest.mark.parametrize("way", WAYS)
async def test_a_kill_between_question_and_click_loses_nothing(tmp_path: Path, way: str) -> None:
    async with opened_study(tmp_path, way) as study:
        ada = study.person("Ada")
        process = await study.start()
        question = await study.question(ada)
        asked = options(question)
        process.kill()

        process = await study.start()
        await (await study.press(ada, question, "answer")).answered()
        assert (len(asked) > 2, options(question)) == (True, asked)
        assert "your choice" in told(question)
        assert (study.rows("SELECT state FROM servings"), study.counted(ada)) == ([("answered",)], 1)
        assert await stop(process) == 0


async def test_a_socket_that_drops_in_the_middle_of_a_click_answers_once(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        ada, bob = study.person("Ada"), study.person("Bob")
        process = await study.start()
        asked = {person: await study.question(person) for person in (ada, bob)}
        study.slack.faults.add("response_url", hold=(gate := asyncio.Event()))
        during = await study.press(ada, asked[ada], "answer")
        await during.acknowledged()
        study.slack.socket.drop()
        gate.set()
        await during.answered()
        await study.slack.socket.connected(timeout=15)
        await (await study.press(bob, asked[bob], "answer")).answered()
        assert [study.counted(person) for person in (ada, bob)] == [1, 1]
        assert all("your choice" in told(message) for message in asked.values())
        assert await stop(process) == 0


async def test_a_socket_that_slack_refreshes_goes_on(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        ada = study.person("Ada")
        await study.start()
        question = await study.question(ada)
        await study.slack.socket.disconnect("refresh_requested")
        await until(lambda: study.slack.socket.opened == 2)
        await study.slack.socket.connected()
        await (await study.press(ada, question, "answer")).answered()
        assert study.counted(ada) == 1


async def test_an_answer_that_is_rate_limited_comes_once_after_the_wait(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        ada = study.person("Ada")
        await study.start()
        question = await study.question(ada)
        study.slack.limit("response_url", 1)
        record = await (await study.press(ada, question, "answer")).answered()
        assert [call.status for call in study.slack.calls_of("response_url")][-2:] == [429, 200]
        assert record.ack_seconds is not None
        assert record.ack_seconds < 1
        assert ("your choice" in told(question), study.counted(ada)) == (True, 1)


async def test_a_token_that_is_revoked_while_running_is_told_and_nothing_falls(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        ada, bob = study.person("Ada"), study.person("Bob")
        process = await study.start()
        question = await study.question(ada)
        study.slack.revoke(study.team)
        # Slack still delivers for a moment; whom it must ask for is unknown now, and nobody is counted wrongly.
        await (await study.press(ada, question, "answer")).answered()
        await (await study.slack.command(bob, study.channel, "/practice")).acknowledged()
        await until(lambda: study.rows("SELECT here FROM workspaces") == [(0,)])
        assert study.counted(ada) == 1
        assert await stop(process) == 0
    assert "no longer accepts a workspace's token" in study.logs


async def test_two_processes_behind_one_address_count_every_request_once(tmp_path: Path) -> None:
    async with opened_study(tmp_path, HTTP) as study:
        people = [study.person(f"P{number}") for number in range(6)]
        await study.start()
        await study.start()
        asked = []
        for place, person in enumerate(people):
            study.listen(place % 2)
            asked.append(await study.question(person))
        for place, (person, question) in enumerate(zip(people, asked, strict=True)):
            study.listen(place % 2)
            await (await study.press(person, question, "answer")).answered()
            sent = study.slack.http.sent[-1]
            study.listen((place + 1) % 2)
            again = await study.slack.replay(sent)  # as a proxy does that gave up on the first process
            assert again is not None
            assert again.status == 200
        await until(lambda: study.rows("SELECT count(*) FROM claims")[0][0] == 2 * len(people))
        assert [study.counted(person) for person in people] == [1] * len(people)
        assert [told(question).count("your choice") for question in asked] == [1] * len(people)
        assert len(study.slack.seen_by(people[0], study.channel)) == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_lets_an_answer_under_way_arrive(tmp_path: Path, way: str, number: signal.Signals) -> None:
    async with opened_study(tmp_path, way) as study:
        ada = study.person("Ada")
        process = await study.start()
        question = await study.question(ada)
        study.slack.faults.add("response_url", hold=(gate := asyncio.Event()))
        record = await (await study.press(ada, question, "answer")).acknowledged()
        await until(lambda: study.counted(ada) == 1)
        stopping = asyncio.create_task(stop(process, number))
        await asyncio.sleep(0.3)
        gate.set()
        await record.answered()
        assert await stopping == 0
        assert "your choice" in told(question)


async def test_an_answer_without_a_name_from_slack_is_still_counted(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        ada = study.person("Ada")
        await study.start()
        study.slack.faults.add("users.info", status=503, times=20)
        question = await study.question(ada)
        await (await study.press(ada, question, "answer")).answered()
        assert study.counted(ada) == 1
        assert control(question, "next")
