from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError

from tests.support.slack.client import Room, card, form, opened_room
from tests.support.slack.interactions import Interaction
from tests.support.slack.state import Json, StoredView
from tests.support.waiting import until


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with opened_room() as opened:
        yield opened


async def triggered(room: Room) -> Interaction:
    """Return an act whose trigger_id can be used."""

    @room.app.shortcut("practice")
    async def practice(ack: AsyncAck) -> None:
        await ack()

    if not room.slack.socket.live:
        await room.socket_mode()
    return await (await room.slack.shortcut(room.bob, "practice")).acknowledged()


async def opened(room: Room, view: Json | None = None) -> StoredView:
    """Return a form that is open before Bob."""
    record = await triggered(room)
    await room.client.views_open(trigger_id=record.trigger_id, view=view or form())
    assert record.opened is not None
    return record.opened


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_form_comes_back_filled_in_and_closes(room: Room) -> None:
    bodies: list[dict[str, Any]] = []

    @room.app.view("report.1")
    async def report(ack: AsyncAck, body: dict[str, Any]) -> None:
        bodies.append(body)
        await ack()

    shown = await opened(room)
    assert room.slack.modal_of(room.bob) is shown
    await (await room.slack.submit(room.bob, shown.id, {"why": "so"})).acknowledged()

    view = bodies[0]["view"]
    assert view["state"]["values"]["why"]["value"] == {"type": "plain_text_input", "value": "so"}
    assert view["state"]["values"]["level"]["value"]["selected_option"]["value"] == "easy"
    assert (view["id"], view["private_metadata"], view["callback_id"]) == (shown.id, "kept", "report.1")
    assert (bodies[0]["user"]["id"], bodies[0]["team"]["id"]) == (room.bob.id, room.workspace.id)
    assert room.slack.modal_of(room.bob) is None
    assert (room.slack.violations, room.slack.crashes) == ([], [])


async def test_a_form_with_errors_stays_and_keeps_what_was_written(room: Room) -> None:
    answers = [{"why": "Say more."}, None]

    @room.app.view("report.1")
    async def report(ack: AsyncAck, view: dict[str, Any]) -> None:
        errors = answers.pop(0)
        if errors:
            await ack(response_action="errors", errors=errors)
        else:
            assert view["state"]["values"]["why"]["value"]["value"] == "so"
            await ack()

    shown = await opened(room)
    await (await room.slack.submit(room.bob, shown, {"why": "so", "level": "hard"})).acknowledged()
    assert (room.slack.modal_of(room.bob), shown.errors) == (shown, {"why": "Say more."})
    await (await room.slack.submit(room.bob, shown)).acknowledged()

    assert room.slack.modal_of(room.bob) is None
    with pytest.raises(AssertionError, match="the form is closed"):
        await room.slack.submit(room.bob, shown)


async def test_acknowledgements_update_push_and_clear(room: Room) -> None:
    answers: list[dict[str, Any]] = [
        {"response_action": "update", "view": form(title="Again")},
        {"response_action": "push", "view": form(title="Deeper")},
        {"response_action": "clear"},
    ]

    @room.app.view("report.1")
    async def report(ack: AsyncAck) -> None:
        await ack(**answers.pop(0))

    first = await opened(room)
    titles = []
    for _ in range(3):
        shown = room.slack.modal_of(room.bob)
        assert shown is not None
        titles.append(shown.view["title"]["text"])
        await (await room.slack.submit(room.bob, shown, {"why": "so"})).acknowledged()

    assert titles == ["Report", "Again", "Deeper"]
    assert first.view["title"]["text"] == "Again"
    assert room.slack.modal_of(room.bob) is None


async def test_an_acknowledgement_that_slack_cannot_follow_is_noted(room: Room) -> None:
    @room.app.view("report.1")
    async def report(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"nowhere": "x"})

    shown = await opened(room)
    with pytest.raises(AssertionError, match=r"wants \['why'\]"):
        await room.slack.submit(room.bob, shown)
    record = await (await room.slack.submit(room.bob, shown, forged=True)).acknowledged()

    assert record.told == ["invalid_arguments"]
    assert room.slack.violations == ["acknowledgement: invalid_arguments"]


async def test_a_trigger_opens_once_and_within_three_seconds(room: Room) -> None:
    used, old = await triggered(room), await triggered(room)
    await room.client.views_open(trigger_id=used.trigger_id, view=form())
    old.age = 3.1

    assert await refused(room.client.views_open(trigger_id=used.trigger_id, view=form())) == "exchanged_trigger_id"
    assert await refused(room.client.views_open(trigger_id=old.trigger_id, view=form())) == "expired_trigger_id"
    assert await refused(room.client.views_open(trigger_id="1.2", view=form())) == "invalid_trigger_id"


async def test_three_forms_may_lie_on_each_other(room: Room) -> None:
    first = await opened(room)
    for _ in range(2):
        record = await triggered(room)
        await room.client.views_push(trigger_id=record.trigger_id, view=form())
    record = await triggered(room)

    assert await refused(room.client.views_push(trigger_id=record.trigger_id, view=form())) == "push_limit_reached"
    top = room.slack.modal_of(room.bob)
    assert top is not None
    assert (top.root, top.previous) == (first.id, room.slack.state.modals[room.bob.id][1].id)


async def test_an_update_of_another_state_than_the_known_one_is_refused(room: Room) -> None:
    shown = await opened(room)
    known = shown.hash
    await room.client.views_update(view_id=shown.id, hash=known, view=form(title="New"))

    assert await refused(room.client.views_update(view_id=shown.id, hash=known, view=form())) == "hash_conflict"
    assert shown.view["title"]["text"] == "New"
    await room.slack.close_view(room.bob, shown)
    assert await refused(room.client.views_update(view_id=shown.id, view=form())) == "not_found"


async def test_closing_is_told_only_where_the_form_wants_it(room: Room) -> None:
    closed: list[str] = []

    @room.app.view_closed("report.1")
    async def report(ack: AsyncAck, view: dict[str, Any]) -> None:
        closed.append(view["id"])
        await ack()

    quiet = await opened(room)
    assert await room.slack.close_view(room.bob, quiet) is None
    told = await opened(room, form() | {"notify_on_close": True})
    record = await room.slack.close_view(room.bob, told)
    assert record is not None
    await record.acknowledged()

    assert closed == [told.id]


async def test_a_home_is_published_opened_and_pressed(room: Room) -> None:
    bodies: list[dict[str, Any]] = []

    @room.app.event("app_home_opened")
    async def home(event: dict[str, Any]) -> None:
        await room.client.views_publish(user_id=event["user"], view={"type": "home", "blocks": card("Hello")})

    @room.app.action("say.1")
    async def say(ack: AsyncAck, body: dict[str, Any]) -> None:
        bodies.append(body)
        await ack()
        await room.client.views_open(trigger_id=body["trigger_id"], view=form())

    await room.socket_mode()
    await (await room.slack.open_home(room.bob)).acknowledged()
    await until(lambda: room.slack.home_of(room.bob) is not None)
    record = await (await room.slack.press_home(room.bob, "say.1")).answered()

    shown = room.slack.home_of(room.bob)
    assert shown is not None
    assert shown.texts == ["Hello", "Answer"]
    assert bodies[0]["container"] == {"type": "view", "view_id": shown.id}
    assert (bodies[0]["view"]["type"], "response_url" in bodies[0], "message" in bodies[0]) == ("home", False, False)
    assert record.opened is room.slack.modal_of(room.bob)
    assert room.slack.home_of(room.ada) is None


async def test_views_that_slack_would_not_take_are_refused_and_noted(room: Room) -> None:
    record = await triggered(room)
    trigger = record.trigger_id
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    words = [
        await refused(room.client.views_open(trigger_id=trigger, view=form(title="x" * 25))),
        await refused(room.client.views_open(trigger_id=trigger, view={"type": "home", "blocks": card()})),
        await refused(room.client.views_publish(user_id="U404", view={"type": "home", "blocks": card()})),
        await refused(room.client.views_publish(user_id=room.bob.id, view={"type": "home", "blocks": [section] * 90})),
        await refused(room.client.views_update(view_id="V404", view=form())),
    ]

    assert words == [
        "invalid_arguments",
        "invalid_arguments",
        "user_not_found",
        "view_too_large",
        "not_found",
    ]
    assert room.slack.modal_of(room.bob) is None
    await room.client.views_open(trigger_id=trigger, view=form())
    assert [fault.partition(":")[0] for fault in room.slack.violations] == ["views.open", "views.open", "views.publish"]


async def test_shortcuts_say_who_and_where(room: Room) -> None:
    record = await triggered(room)

    assert record.payload["user"] == {
        "id": room.bob.id,
        "username": "bob",
        "name": "bob",
        "team_id": room.workspace.id,
    }
    assert (record.payload["callback_id"], record.payload["is_enterprise_install"]) == ("practice", False)
    assert record.payload["enterprise"] is None
