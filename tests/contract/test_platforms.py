"""What every platform's adapter must do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.dispatch import Dispatcher
from bot.errors import Gone
from bot.message import Message
from bot.refs import ChannelRef, MessageRef
from tests.contract.harness import Harness, Seen
from tests.contract.stage import Stage

Fresh = Callable[[], Dispatcher[Any]]


async def last(harness: Harness, who: str) -> Seen:
    """Return what a person sees last."""
    return (await harness.see(who))[-1]


async def test_a_private_answer_is_seen_by_its_person_alone(harness: Harness) -> None:
    await harness.type("ada", "/stage-private")
    message = await last(harness, "ada")
    assert (message.private, message.title, message.alts) == (True, "Private", ("a grey dot",))
    assert [control.label for control in message.controls] == ["Mine"]
    assert await harness.see("alan") == []


async def test_a_public_answer_is_seen_by_everybody(harness: Harness) -> None:
    await harness.type("ada", "/stage-public")
    assert [message.title for message in await harness.see("alan")] == ["Public"]
    assert not (await last(harness, "alan")).private


async def test_a_press_edits_its_message_in_place(harness: Harness) -> None:
    await harness.type("ada", "/stage-private")
    before = await last(harness, "ada")
    await harness.press("ada", before, before.control("Mine").token)
    (after,) = await harness.see("ada")
    assert (after.id, after.title, after.text, after.private) == (before.id, "Pressed", "pressed by Ada", True)


async def test_a_control_works_after_a_restart_and_shows_the_same_order(harness: Harness, fresh: Fresh) -> None:
    await harness.type("ada", "/practice topic:cn")
    before = await last(harness, "ada")
    await harness.restart(fresh())
    assert await last(harness, "ada") == before
    await harness.press("ada", before, before.control("A").token)
    after = await last(harness, "ada")
    assert (after.id, after.tone in ("good", "bad")) == (before.id, True)


async def test_a_strangers_press_is_refused_and_changes_nothing(harness: Harness) -> None:
    await harness.type("ada", "/practice topic:cn")
    question = await last(harness, "ada")
    await harness.press("alan", question, question.control("A").token)
    refusal = await last(harness, "alan")
    assert (refusal.private, refusal.tone) == (True, "error")
    assert "somebody else" in refusal.text
    assert await harness.see("ada") == [question]


async def test_a_stranger_cannot_write_into_anothers_message_with_a_control_of_their_own(harness: Harness) -> None:
    await harness.type("ada", "/stage-private")
    private = await last(harness, "ada")
    await harness.press("alan", private, f"stage-mine.1:{harness.user_id('alan')}")
    assert await harness.see("ada") == [private]
    assert (await last(harness, "alan")).text == "pressed by Alan"


async def test_a_second_press_is_told_so_and_counts_nothing(harness: Harness) -> None:
    await harness.type("ada", "/practice topic:cn")
    question = await last(harness, "ada")
    token = question.control("A").token
    await harness.press("ada", question, token)
    await harness.press("ada", question, token)
    assert "already" in (await last(harness, "ada")).text
    await harness.type("ada", "/progress")
    assert "1, of which" in (await last(harness, "ada")).text


async def test_many_presses_at_once_count_once(harness: Harness) -> None:
    await harness.type("ada", "/practice topic:cn")
    question = await last(harness, "ada")
    await asyncio.gather(*(harness.press("ada", question, question.control("A").token) for _ in range(15)))
    await harness.type("ada", "/progress")
    assert "1, of which" in (await last(harness, "ada")).text


async def test_a_form_makes_a_round_trip_across_a_restart(harness: Harness, fresh: Fresh) -> None:
    await harness.type("ada", "/stage-form")
    before = await last(harness, "ada")
    await harness.press("ada", before, before.control("Open").token)
    form = harness.form("ada")
    assert form is not None
    assert (form.title, form.inputs) == ("A form", ("word", "why"))
    await harness.restart(fresh())
    await harness.submit("ada", form, {"word": "x<y", "why": "b"})
    (after,) = await harness.see("ada")
    assert (after.id, after.title, after.text) == (before.id, "Sent", "7 x<y b")


async def test_a_form_opens_for_its_person_alone(harness: Harness) -> None:
    await harness.type("alan", "/stage-private")
    await harness.type("ada", "/stage-form")
    message = await last(harness, "ada")
    await harness.press("ada", message, message.control("Open").token)
    assert harness.form("alan") is None


async def test_a_select_sends_everything_chosen_once(harness: Harness) -> None:
    await harness.type("ada", "/stage-select")
    message = await last(harness, "ada")
    await harness.press("ada", message, message.control("Choose").token, ["x", "z"])
    assert (await last(harness, "ada")).text == "chose x z"


async def test_a_slow_answer_is_deferred_and_not_lost(harness: Harness, stage: Stage) -> None:
    await harness.type("ada", "/stage-private")
    asked = asyncio.create_task(harness.type("ada", "/stage-slow"))
    await harness.until_told_to_wait("ada")
    stage.gate.set()
    await asked
    assert (await last(harness, "ada")).text == "slow is done"
    assert stage.finished == ["slow"]


async def test_a_late_error_of_a_public_command_stays_private(harness: Harness, stage: Stage) -> None:
    await harness.type("ada", "/stage-private")
    asked = asyncio.create_task(harness.type("ada", "/stage-late-error"))
    await harness.until_told_to_wait("ada")
    stage.gate.set()
    await asked
    message = await last(harness, "ada")
    assert (message.private, message.text) == (True, "That went wrong late. Try again.")
    assert await harness.see("alan") == []


async def test_an_unexpected_error_is_private_has_an_id_and_leaks_nothing(harness: Harness) -> None:
    with capture_logs() as logs:
        await harness.type("ada", "/stage-broken")
    message = await last(harness, "ada")
    assert (message.private, message.tone) == (True, "error")
    assert "0badf00d" in message.text
    assert "swordfish" not in message.text
    assert await harness.see("alan") == []
    (entry,) = [entry for entry in logs if entry["log_level"] == "error"]
    assert (entry["error_id"], entry["kind"]) == ("0badf00d", "RuntimeError")
    assert "swordfish" not in str(entry)


@pytest.mark.parametrize(
    "token",
    ["", "answer", "answer.9:1:A", "nonsense.1", "answer.1:1", "answer.1:1:A:x:y", "answer.1:x:A", "a\x00b", "ß.1"],
)
async def test_a_control_that_means_nothing_gets_a_polite_private_answer(harness: Harness, token: str) -> None:
    await harness.press("ada", None, token)
    message = await last(harness, "ada")
    assert (message.private, message.tone) == (True, "error")
    assert "`" not in message.text
    assert "/" in message.text


async def test_an_unknown_command_gets_a_polite_private_answer(harness: Harness) -> None:
    await harness.type("ada", "/frobnicate now")
    message = await last(harness, "ada")
    assert message.private
    assert "/warmup" in message.text


async def test_rubbish_from_a_client_changes_nothing_and_stops_nothing(harness: Harness) -> None:
    await harness.garbage("ada")
    assert await harness.see("ada") == []
    await harness.type("ada", "/stage-private")
    assert (await last(harness, "ada")).title == "Private"


async def test_text_at_each_limit_renders_whole(harness: Harness) -> None:
    await harness.type("ada", "/stage-size")
    message = await last(harness, "ada")
    assert "x" * 1000 in message.text
    assert len(message.controls) == 4 * 5 + 1
    await harness.press("ada", message, message.controls[7].token)
    assert (await last(harness, "ada")).text == "mark 12"


async def test_all_markup_is_rendered_as_such(harness: Harness) -> None:
    await harness.type("ada", "/stage-markup")
    message = await last(harness, "ada")
    assert {"strong", "em", "code", "br", "list", "quote", "link", "time"} <= message.marks


@pytest.mark.parametrize(
    "typed",
    [
        "**bold** _it_ `code` [link](https://evil.example)",
        "<!channel> <@U123> <@123> @everyone @here <#C1>",
        "<script>alert(1)</script> &amp; <https://evil.example|click>",
        "# title > quote - item 1. item ||spoiler|| ~~gone~~ $x$ \\",
    ],
)
async def test_what_a_person_typed_stays_dead_text(harness: Harness, typed: str) -> None:
    await harness.type("ada", f'/stage-echo words:"{typed}"')
    message = await last(harness, "ada")
    assert message.text == f"You said: {typed}"
    assert message.marks == {"p", "text"}


async def test_only_moderators_may_what_only_moderators_may(harness: Harness) -> None:
    await harness.type("ada", "/stage-moderators")
    refusal = await last(harness, "ada")
    assert (refusal.private, "moderators" in refusal.text) == (True, True)
    await harness.type("grace", "/stage-moderators")
    assert (await last(harness, "grace")).text == "welcome, moderator"


async def test_the_platform_sends_to_everybody_and_edits(harness: Harness) -> None:
    ref = await harness.platform.send(harness.channel, Message(text="first", title="Posted"))
    await harness.platform.edit(ref, Message(text="second", title="Posted"))
    (message,) = await harness.see("alan")
    assert (message.id, message.text, message.private) == (ref.id, "second", False)


async def test_a_post_with_a_key_is_made_once_however_often_it_is_sent(harness: Harness, fresh: Fresh) -> None:
    first = await harness.platform.send(harness.channel, Message(text="of the day"), "daily:1:2026-11-23")
    await harness.restart(fresh())
    again = await harness.platform.send(harness.channel, Message(text="of the day"), "daily:1:2026-11-23")
    other = await harness.platform.send(harness.channel, Message(text="of the next"), "daily:1:2026-11-24")
    assert [message.id for message in await harness.see("alan")] == [first.id, other.id]
    assert again == first


async def test_posts_without_a_key_are_made_each_time(harness: Harness) -> None:
    for _ in range(2):
        await harness.platform.send(harness.channel, Message(text="again"))
    assert len(await harness.see("alan")) == 2


async def test_a_channel_that_can_be_posted_to_has_no_obstacle_and_one_that_is_not_there_has(harness: Harness) -> None:
    assert await harness.platform.obstacle(harness.channel) == ""
    assert await harness.platform.obstacle(ChannelRef(harness.channel.workspace, "404"))


async def test_a_place_that_is_gone_is_said_to_be_gone(harness: Harness) -> None:
    nowhere = ChannelRef(harness.channel.workspace, "nowhere")
    with pytest.raises(Gone):
        await harness.platform.send(nowhere, Message(text="x"))
    with pytest.raises(Gone):
        await harness.platform.edit(MessageRef(harness.channel, "999"), Message(text="x"))
