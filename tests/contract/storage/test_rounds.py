"""Live rounds on both databases: one in a channel, each answer once, and what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.storage.work import SqlStorage
from bot.refs import ChannelRef, MessageRef
from bot.rounds import AskState, Ending, Mode, Round, RoundPlayer, RoundQuestion, RoundState, Terms
from tests.support import rows
from tests.support.round_rows import answer, ask, begin, get, join
from tests.support.world import HOME, MONDAY, STUDY

SECOND = timedelta(seconds=1)
ELSEWHERE = ChannelRef(HOME, "elsewhere")


async def test_a_round_is_kept_as_it_was_started(storage: SqlStorage) -> None:
    terms = Terms("CN", "hard", 7, 45, Mode.FIRST, speed=True)
    channel = replace(STUDY, thread="7.1")
    number = await begin(storage, channel=channel, terms=terms)
    host = await rows.enter(storage, "Grace")
    assert await get(storage, number) == Round(
        number, channel, host.id, "Grace", terms, RoundState.LOBBY, 0, MONDAY, None, None, paying=False
    )
    async with storage.snapshot() as work:
        assert await work.rounds.get(number + 1) is None
        assert await work.rounds.living(channel) == await work.rounds.get(number)
        assert await work.rounds.living(STUDY) is None


async def test_a_channel_has_one_round_at_a_time(storage: SqlStorage) -> None:
    first = await begin(storage)
    grace = await rows.enter(storage, "Grace")
    async with storage.transaction() as work:
        assert await work.rounds.add(STUDY, grace.id, Terms(), MONDAY) is None
        assert await work.rounds.add(ELSEWHERE, grace.id, Terms(), MONDAY) is not None
        assert await work.rounds.add(replace(STUDY, thread="1"), grace.id, Terms(), MONDAY) is not None
        assert await work.rounds.end(first, Ending.STOPPED, MONDAY)
        assert await work.rounds.add(STUDY, grace.id, Terms(), MONDAY) is None
        await work.rounds.close(first)
        second = await work.rounds.add(STUDY, grace.id, Terms(), MONDAY)
    assert second not in (None, first)
    assert (await get(storage, first)).state is RoundState.ENDED


async def test_a_host_who_hides_has_no_name(storage: SqlStorage) -> None:
    number = await begin(storage)
    await rows.hide(storage, await rows.enter(storage, "Grace"))
    assert (await get(storage, number)).host_name == ""


async def test_a_round_moves_on_only_from_where_it_is_expected(storage: SqlStorage) -> None:
    number = await begin(storage)
    async with storage.transaction() as work:
        assert not await work.rounds.move(number, [RoundState.SHOWING], RoundState.ASKING, MONDAY)
        assert await work.rounds.move(number, [RoundState.LOBBY], RoundState.ASKING, MONDAY + SECOND, 1)
        assert await work.rounds.move(number, [RoundState.ASKING], RoundState.SHOWING, MONDAY + 2 * SECOND)
        await work.rounds.wait(number, MONDAY + 9 * SECOND)
        await work.rounds.pay(number)
    of = await get(storage, number)
    assert (of.state, of.number, of.due_at, of.paying) == (RoundState.SHOWING, 1, MONDAY + 9 * SECOND, True)


async def test_a_round_ends_once_and_for_the_first_reason(storage: SqlStorage) -> None:
    number = await begin(storage)
    async with storage.transaction() as work:
        assert await work.rounds.end(number, Ending.IDLE, MONDAY + SECOND)
        assert not await work.rounds.end(number, Ending.STOPPED, MONDAY)
    of = await get(storage, number)
    assert (of.state, of.ending, of.due_at) == (RoundState.ENDING, Ending.IDLE, MONDAY + SECOND)


@pytest.mark.parametrize("place", [STUDY, ELSEWHERE])
async def test_the_message_of_a_lobby_is_kept(storage: SqlStorage, place: ChannelRef) -> None:
    number = await begin(storage)
    async with storage.transaction() as work:
        await work.rounds.posted(number, MessageRef(place, "m-1"), MONDAY + SECOND)
    of = await get(storage, number)
    assert (of.message, of.due_at) == (MessageRef(place, "m-1"), MONDAY + SECOND)


async def test_a_question_is_kept_from_its_post_to_its_result(storage: SqlStorage) -> None:
    number = await begin(storage)
    await ask(storage, number, 1, order=(2, 0, 1), seed=2**62)
    made = RoundQuestion(
        number, 1, AskState.POSTING, "cn-stride", "0badf00d", 2**62, (2, 0, 1), MONDAY, MONDAY + 30 * SECOND,
        reopened=False, told=False, message=None,
    )  # fmt: skip
    message = MessageRef(STUDY, "m-2")
    async with storage.transaction() as work:
        assert await work.rounds.question(number, 1) == made
        assert await work.rounds.question(number, 2) is None
        await work.rounds.opened(number, 1, message, MONDAY + SECOND, MONDAY + 31 * SECOND, reopened=True)
        opened = replace(made, state=AskState.OPEN, message=message, opened_at=MONDAY + SECOND,
                         closes_at=MONDAY + 31 * SECOND, reopened=True)  # fmt: skip
        assert await work.rounds.question(number, 1) == opened
        await work.rounds.shorten(number, 1, MONDAY + 9 * SECOND)
        await work.rounds.shorten(number, 1, MONDAY + 20 * SECOND)
        assert await work.rounds.turn(number, 1, [AskState.OPEN, AskState.POSTING], AskState.CLOSED)
        assert not await work.rounds.turn(number, 1, [AskState.OPEN, AskState.POSTING], AskState.DISCARDED)
        await work.rounds.opened(number, 1, MessageRef(STUDY, "other"), MONDAY, MONDAY, reopened=False)
        await work.rounds.told(number, 1)
        [kept] = await work.rounds.questions(number)
    assert kept == replace(opened, state=AskState.CLOSED, closes_at=MONDAY + 9 * SECOND, told=True)


async def test_what_is_asked_now_is_held_in_its_workspace_alone(storage: SqlStorage) -> None:
    number = await begin(storage)
    for at, name in enumerate(("cn-a", "cn-b", "cn-c"), 1):
        await ask(storage, number, at, question=name)
    async with storage.transaction() as work:
        await work.rounds.opened(number, 2, MessageRef(STUDY, "1"), MONDAY, MONDAY, reopened=False)
        await work.rounds.turn(number, 3, [AskState.POSTING], AskState.CLOSED)
        assert await work.rounds.held(HOME) == {"cn-a", "cn-b"}
        assert await work.rounds.held(replace(HOME, id="other")) == frozenset()
        await work.rounds.end(number, Ending.STOPPED, MONDAY)
        assert await work.rounds.held(HOME) == {"cn-a", "cn-b"}
        await work.rounds.close(number)
        assert await work.rounds.held(HOME) == frozenset()


async def test_a_channel_knows_when_it_was_asked_what(storage: SqlStorage) -> None:
    for day, name in ((0, "cn-a"), (1, "cn-b"), (2, "cn-a")):
        number = await begin(storage)
        await ask(storage, number, 1, question=name, opens_at=MONDAY + timedelta(days=day))
        async with storage.transaction() as work:
            await work.rounds.close(number)
    await ask(storage, await begin(storage, channel=ELSEWHERE), 1, question="cn-z")
    async with storage.snapshot() as work:
        assert await work.rounds.asked(STUDY) == {
            "cn-a": MONDAY + timedelta(days=2), "cn-b": MONDAY + timedelta(days=1),
        }  # fmt: skip


async def test_who_plays_is_kept_once_with_what_they_have(storage: SqlStorage) -> None:
    number, other = await begin(storage), await begin(storage, channel=ELSEWHERE)
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    assert await join(storage, number, bob)
    assert await join(storage, number, ada, MONDAY + SECOND)
    assert not await join(storage, number, bob)
    assert await join(storage, other, ada)
    await rows.hide(storage, bob)
    for at in (1, 2):
        await ask(storage, number, at)
        assert await answer(storage, number, at, ada)
    async with storage.transaction() as work:
        await work.round_answers.score(number, 1, {ada.id: 15})
        await work.round_answers.score(number, 2, {ada.id: 7})
        await work.round_answers.score(number, 2, {})
        await work.round_answers.settle(number, 1, ada.id, 15, None)
        assert await work.round_answers.players(number) == [
            RoundPlayer(bob.id, "Bob", hidden=True, score=0, paid=0),
            RoundPlayer(ada.id, "Ada", hidden=False, score=22, paid=15),
        ]
        assert [one.score for one in await work.round_answers.players(other)] == [0]


async def test_the_team_for_which_somebody_plays_stays_as_it_was_when_they_joined(storage: SqlStorage) -> None:
    number = await begin(storage)
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    async with storage.transaction() as work:
        team = await work.teams.add(
            workspace=HOME, name="Owls", folded="owls", emoji="🦉", captain=ada.id, open=True, now=MONDAY
        )
        assert team is not None
        assert await work.round_answers.join(number, ada.id, MONDAY, team=team, side="🦉 Owls")
        assert not await work.round_answers.join(number, ada.id, MONDAY)
        assert await work.round_answers.join(number, bob.id, MONDAY)
        await work.teams.rename(team, name="Hawks", folded="hawks", emoji="", open=True)
        assert await work.round_answers.side(number, ada.id) == "🦉 Owls"
        assert await work.round_answers.side(number, bob.id) == ""
        assert [(one.team, one.side) for one in await work.round_answers.players(number)] == [
            (team, "🦉 Owls"), (None, ""),
        ]  # fmt: skip


async def test_an_answer_is_kept_once_with_the_platforms_instant(storage: SqlStorage) -> None:
    number = await begin(storage)
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    for who in (ada, bob):
        await join(storage, number, who)
    await ask(storage, number, 1)
    async with storage.snapshot() as work:
        assert await work.round_answers.missing(number, 1) == 2
    assert await answer(storage, number, 1, ada, response="T", when=MONDAY + SECOND)
    assert not await answer(storage, number, 1, ada, response="F")
    assert await answer(storage, number, 1, bob, response="F", score=0, when=MONDAY + SECOND / 4)
    async with storage.snapshot() as work:
        mine = await work.round_answers.get(number, 1, ada.id)
        assert mine is not None
        assert (mine.response, mine.score, mine.at, mine.points, mine.settled) == ("T", 1000, MONDAY + SECOND, 0, False)
        assert [one.name for one in await work.round_answers.all(number, 1)] == ["Bob", "Ada"]
        assert await work.round_answers.of(number, ada.id) == [mine]
        assert await work.round_answers.get(number, 2, ada.id) is None
        assert await work.round_answers.missing(number, 1) == 0
        assert await work.round_answers.answerers(number) == 2


async def test_only_answers_to_closed_questions_are_settled_and_each_once(storage: SqlStorage) -> None:
    number = await begin(storage)
    ada = await rows.enter(storage, "Ada")
    for at in (1, 2, 3):
        await ask(storage, number, at)
        await answer(storage, number, at, ada)
    serving = await rows.serve(storage, ada)
    async with storage.transaction() as work:
        await work.rounds.turn(number, 1, [AskState.POSTING], AskState.CLOSED)
        await work.rounds.turn(number, 2, [AskState.POSTING], AskState.CLOSED)
        await work.rounds.turn(number, 3, [AskState.POSTING], AskState.DISCARDED)
        assert [one.number for one in await work.round_answers.unsettled(number, 9)] == [1, 2]
        assert [one.number for one in await work.round_answers.unsettled(number, 1)] == [1]
        await work.round_answers.settle(number, 1, ada.id, 15, serving)
        assert [one.number for one in await work.round_answers.unsettled(number, 9)] == [2]
        kept = await work.round_answers.get(number, 1, ada.id)
    assert kept is not None
    assert (kept.settled, kept.paid, kept.serving) == (True, 15, serving)


async def test_what_was_answered_of_a_wish_is_known(storage: SqlStorage) -> None:
    ada, bob = await rows.enter(storage, "Ada"), await rows.enter(storage, "Bob")
    states = {"cn-a": "answered", "cn-b": "skipped", "cn-c": "", "cn-d": "revealed"}
    async with storage.transaction() as work:
        for name, state in states.items():
            made = await work.servings.add(
                person=ada.id, workspace=HOME, question=name, revision="0badf00d", wanted="misses-3", order=(),
                now=MONDAY,
            )  # fmt: skip
            if state:
                await work.servings.close(made, ada.id, expected="open", state=state, response="", score=0, now=MONDAY)
        assert await work.servings.done(ada.id, "misses-3") == {"cn-a", "cn-d"}
        assert await work.servings.done(ada.id, "misses-4") == frozenset()
        assert await work.servings.done(bob.id, "misses-3") == frozenset()
