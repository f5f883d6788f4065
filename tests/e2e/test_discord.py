"""Warmup on Discord as real processes: killed, cut off, refused, thrown out, two at once, stopped."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from tests.e2e.discord_process import Study, control, ended, opened_study, options, ready, stop, told, until
from tests.support.discord.interactions import DEFER_UPDATE, UPDATE, InteractionRecord

TYPED = "a gradient penalty, said Zanzibar"
one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def study(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Study]:
    """Yield a study server with a process that several tests share, each with a person of its own."""
    async with opened_study(tmp_path_factory.mktemp("study")) as opened:
        await ready(await opened.start_one())
        yield opened


def _answered_once(study: Study, record: InteractionRecord) -> bool:
    taken = [request for request in study.callbacks(record) if request.status == 200]
    return (len(taken), record.errors, record.followups) == (1, [], [])


async def test_a_kill_between_question_and_click_loses_nothing(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        ada = study.discord.add_user("Ada")
        process = await study.start_one()
        question = await study.question(ada)
        asked, token = options(question), control(question, "answer")
        process.kill()

        process = await study.start_one()
        first = await study.press(ada, question, "answer").answered()
        assert (first.callback and first.callback.type, first.original) == (UPDATE, question)
        assert (len(asked) > 2, options(question)) == (True, asked)
        second = await study.discord.press(ada, question, token, stale=True).answered()
        assert "already" in told(second.original)
        assert (study.rows("SELECT state FROM servings"), study.counted(ada)) == ([("answered",)], 1)
        assert study.discord.state.command_puts == [""]
        assert await stop(process) == 0


@one_loop
async def test_a_click_during_which_the_gateway_drops_and_one_while_it_is_away_are_answered_once(study: Study) -> None:
    discord = study.discord
    ada, bob = discord.add_user("Ada"), discord.add_user("Bob")
    asked = {person: await study.question(person) for person in (ada, bob)}
    resumes, identifies = discord.gateway.resumes, discord.gateway.identifies

    discord.faults.add("POST", "/callback$", delay=0.08)
    during = study.press(ada, asked[ada], "answer")
    await during.acknowledged()
    discord.gateway.drop()
    away = study.press(bob, asked[bob], "answer")

    await away.answered()
    await during.answered()
    assert (discord.gateway.resumes - resumes, discord.gateway.identifies - identifies) == (1, 0)
    assert await _in_peace(study, during, away)
    assert [study.counted(person) for person in (ada, bob)] == [1, 1]


async def _in_peace(study: Study, *records: InteractionRecord) -> bool:
    """Tell whether each was answered once, after what an event that came twice would have led to."""
    await asyncio.sleep(0.1)
    await study.question(study.discord.add_user("Late"))
    return all(_answered_once(study, record) for record in records)


@one_loop
async def test_a_click_that_is_lost_with_the_connection_comes_again_and_is_answered_once(study: Study) -> None:
    ada = study.discord.add_user("Ada")
    question = await study.question(ada)
    resumes = study.discord.gateway.resumes
    record = study.press(ada, question, "answer")
    study.discord.gateway.drop()
    await record.answered()
    await until(lambda: study.discord.gateway.resumes == resumes + 1)
    assert await _in_peace(study, record)
    assert study.counted(ada) == 1


@one_loop
async def test_an_answer_that_is_rate_limited_comes_once_after_the_wait(study: Study) -> None:
    ada = study.discord.add_user("Ada")
    question = await study.question(ada)
    study.discord.faults.add("POST", "/callback$", status=429, retry_after=0.4)
    record = await study.press(ada, question, "answer").answered()
    assert [request.status for request in study.callbacks(record)] == [429, 200]
    assert record.seconds is not None
    assert record.seconds >= 0.4
    assert (_answered_once(study, record), study.counted(ada)) == (True, 1)


@one_loop
async def test_an_answer_that_was_taken_without_its_confirmation_shows_once(study: Study) -> None:
    ada = study.discord.add_user("Ada")
    question = await study.question(ada)
    study.discord.faults.add("POST", "/callback$", reset=True, after=True)
    record = await study.press(ada, question, "answer").answered()
    await until(lambda: len(record.errors) == 1)
    assert [code for code, _ in record.errors] == [40060]
    assert ("your choice" in told(question), record.followups, study.counted(ada)) == (True, [], 1)


@one_loop
async def test_a_slow_answer_is_deferred_and_its_edit_waits_out_a_rate_limit(study: Study) -> None:
    ada = study.discord.add_user("Ada")
    question = await study.question(ada)
    study.discord.faults.add("PATCH", "/messages/@original$", status=429, retry_after=0.2)
    with closing(sqlite3.connect(study.database, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        record = await study.press(ada, question, "answer").acknowledged()
    await record.answered()
    assert record.callback is not None
    assert (record.callback.type, _answered_once(study, record)) == (DEFER_UPDATE, True)
    edits = study.requests("PATCH", f"/webhooks/{study.discord.application}/{record.token}/messages/@original")
    assert [request.status for request in edits] == [429, 200]
    assert ("your choice" in told(question), study.counted(ada)) == (True, 1)


@one_loop
async def test_a_welcome_that_was_posted_before_an_error_is_there_once(study: Study) -> None:
    study.discord.faults.add("POST", r"^/channels/\d+/messages$", status=500, after=True)
    failing = study.invite("Failing")
    await until(lambda: len(study.posts(failing)) == 1)
    study.discord.faults.add("POST", r"^/channels/\d+/messages$", reset=True, after=True)
    cut = study.invite("Cut")
    for channel in (failing, cut):
        await until(lambda channel=channel: [request.status for request in study.posts(channel)][1:] == [200])  # type: ignore[misc]
        assert len({request.body["nonce"] for request in study.posts(channel)}) == 1
        (welcome,) = channel.messages.values()
        assert "Hello, I am Warmup" in told(welcome)


@one_loop
async def test_a_server_that_throws_the_bot_out_during_a_post_gets_no_more_and_others_go_on(study: Study) -> None:
    study.discord.faults.add("POST", r"^/channels/\d+/messages$", status=403, code=50001, delay=0.3)
    channel = study.invite("Unkind")
    await until(lambda: len(study.posts(channel)) == 1)
    assert channel.guild is not None
    study.discord.remove_guild(channel.guild)
    await until(lambda: study.posts(channel)[0].status == 403)
    ada = study.discord.add_user("Ada")
    record = await study.press(ada, await study.question(ada), "answer").answered()
    assert (_answered_once(study, record), study.counted(ada)) == (True, 1)
    assert ([request.status for request in study.posts(channel)], channel.messages) == ([403], {})
    assert study.rows(f"SELECT here FROM workspaces WHERE key LIKE '%{channel.guild.id}'") == [(0,)]  # noqa: S608


async def test_two_processes_on_one_database_answer_each_of_ten_people_once(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        processes = await study.start(processes=2)
        await study.discord.gateway.connected(2)
        people = [study.discord.add_user(f"Person {number}") for number in range(10)]
        asked = await asyncio.gather(*(study.question(person) for person in people))
        pressed = [study.press(person, question, "answer") for person, question in zip(people, asked, strict=True)]
        for record in pressed:
            await record.answered()
        assert await asyncio.gather(*(stop(process) for process in processes)) == [0, 0]
        assert [study.counted(person) for person in people] == [1] * len(people)
        assert study.rows("SELECT state, count(*) FROM servings GROUP BY state") == [("answered", len(people))]
        assert [question for question in asked if "your choice" not in told(question)] == []
        for record in study.discord.records:
            assert [request.status for request in study.callbacks(record)].count(200) == 1
            # Where deciding takes long, the process that loses may have deferred first; the person sees one answer.
            assert {code for code, _ in record.errors} <= {40060}
            assert record.followups == []
        assert study.discord.state.command_puts == [""]


async def test_a_stop_lets_the_answers_under_way_arrive(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        ada, bob = study.discord.add_user("Ada"), study.discord.add_user("Bob")
        process = await study.start_one()
        asked = {person: await study.question(person) for person in (ada, bob)}
        study.discord.faults.add("POST", "/callback$", status=429, retry_after=0.8)
        waiting = study.press(ada, asked[ada], "answer")
        await until(lambda: len(study.callbacks(waiting)) == 1)
        study.discord.faults.add("POST", "/callback$", delay=0.8)
        unconfirmed = await study.press(bob, asked[bob], "answer").acknowledged()
        assert await stop(process) == 0
        for person, record in ((ada, waiting), (bob, unconfirmed)):
            assert "your choice" in told((await record.answered(0)).original)
            assert (_answered_once(study, record), study.counted(person)) == (True, 1)


async def test_each_signal_stops_what_is_idle_and_says_goodbye(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        for process, number in zip(await study.start(processes=2), (signal.SIGTERM, signal.SIGINT), strict=True):
            assert await stop(process, number) == 0
        await until(lambda: study.discord.gateway.sessions == [])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def outlived(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Return a study server whose Discord was gone for a while, and whose process has ended since."""
    async with opened_study(tmp_path_factory.mktemp("outage"), tracebacks=True) as study:
        ada = study.discord.add_user("Ada")
        process = await study.start_one()
        question = await study.question(ada)
        identifies, port = study.discord.gateway.identifies, urlsplit(study.discord.api_url).port or 0
        await study.discord.stop()
        knocked = asyncio.Event()

        def shut(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()
            knocked.set()

        async with await asyncio.start_server(shut, "127.0.0.1", port):
            await knocked.wait()
        await study.discord.start(port)
        await until(lambda: study.discord.gateway.identifies > identifies, seconds=30)
        await study.press(ada, question, "answer").answered()
        assert await stop(process) == 0
    return study


@one_loop
async def test_a_click_after_an_outage_of_discord_is_answered(outlived: Study) -> None:
    assert _answered_once(outlived, outlived.discord.records[-1])
    assert outlived.rows("SELECT state FROM servings") == [("answered",)]


@one_loop
async def test_an_outage_of_discord_is_logged_in_single_lines(outlived: Study) -> None:
    assert "Traceback" not in outlived.logs


async def test_an_event_that_cannot_be_read_does_not_end_the_process(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        ada = study.discord.add_user("Ada")
        process = await study.start_one()
        await study.question(ada)
        study.discord.dispatch_raw("INTERACTION_CREATE", {"id": "1"})
        asked = study.discord.slash(ada, study.channel, "practice")
        async with asyncio.timeout(10):
            while not asked.done.is_set() and not ended(process):
                asked = study.discord.slash(ada, study.channel, "practice")
                await asyncio.sleep(0.1)
        assert not ended(process)
        assert await stop(process) == 0


async def test_all_with_a_token_is_discord_and_the_scheduler_and_no_page(tmp_path: Path, unused_tcp_port: int) -> None:
    async with opened_study(tmp_path) as study:
        assert (await study.verb("migrate")).returncode == 0
        with closing(sqlite3.connect(study.database)) as database, database:
            database.execute("INSERT INTO claims VALUES ('discord:1', '2020-01-01 00:00:00.000000')")
        process = await study.start_one("run", "all", PORT=str(unused_tcp_port))
        await until(lambda: study.rows("SELECT count(*) FROM claims") == [(0,)])
        assert options(await study.question(study.discord.add_user("Ada")))
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", unused_tcp_port)
        assert await stop(process, signal.SIGINT) == 0


async def test_nothing_that_was_typed_is_in_the_logs_whatever_went_wrong(tmp_path: Path) -> None:
    async with opened_study(tmp_path) as study:
        discord, ada = study.discord, study.discord.add_user("Ada Zanzibar")
        process = await study.start_one(WARMUP_LOG_LEVEL="info")
        unknown = await discord.slash(ada, study.channel, "practice", {"topic": TYPED}).answered()
        assert "I do not know the topic" in told(unknown.original)
        question = await study.question(ada, "text")
        form = await study.press(ada, question, "form").answered()
        assert form.modal is not None
        discord.faults.add("POST", "/callback$", reset=True, times=3)
        lost = discord.submit(ada, study.channel, form.modal["custom_id"], {"answer": TYPED})
        await until(lambda: len(study.callbacks(lost)) == 3)
        again = await discord.submit(ada, study.channel, form.modal["custom_id"], {"answer": TYPED}).answered()
        assert TYPED in told(again.original)
        late = discord.slash(ada, study.channel, "practice", {"topic": TYPED})
        late.age = 10
        await until(lambda: late.late)
        assert await stop(process) == 0
        assert sum("answer not delivered" in line for line in process.errors) == 2
        study.check(TYPED, "Zanzibar", "@original")
