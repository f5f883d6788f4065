"""What Slack sends, as the core's events: read whole from the payload, the same act under the same key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack.events import Act, Origin, read_act, read_event, user_ref
from adapters.slack.render import CHOOSE, VALUE, choice_block
from bot.commands import Router
from bot.events import Event, Invocation, Opening, Press, Submission
from bot.message import Message
from bot.refs import Actor, ChannelRef, MessageRef, UserRef, WorkspaceRef
from tests.support.world import MONDAY

HOME = WorkspaceRef("slack", "T1")
STUDY = ChannelRef(HOME, "C1")
CHAT = ChannelRef(HOME, "U1", direct=True)
URL = "https://hooks.slack.test/actions/T1/secret"
ADA = {"id": "U1", "username": "ada", "name": "ada", "team_id": "T1"}
BASE: dict[str, Any] = {"user": ADA, "team": {"id": "T1"}, "enterprise": None, "trigger_id": "1.2.3"}
COMMAND = {
    "command": "/practice",
    "text": "",
    "team_id": "T1",
    "channel_id": "C1",
    "user_id": "U1",
    "user_name": "ada",
    "trigger_id": "1.2.3",
    "response_url": URL,
}
_MENTIONS = "<#C1|study> <!subteam^S1|@ml-team> <@U1|ada>"
IN_MESSAGE = {
    "container": {"type": "message", "message_ts": "5.6", "channel_id": "C1", "is_ephemeral": False},
    "channel": {"id": "C1", "name": "study"},
    "response_url": URL,
}
OPENED = {
    "type": "event_callback",
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {"type": "app_home_opened", "user": "U1", "tab": "home"},
}


def router() -> Router:
    made = Router()

    async def answer(*_: object, **__: object) -> Message:
        return Message(text="answered")

    for name in ("practice", "team create", "team leave"):
        made.command(name, "A command")(answer)
    return made


def act(body: Mapping[str, Any]) -> Act:
    found = read_act(body)
    assert found is not None
    return found


def read(body: Mapping[str, Any], prefix: str = "") -> Event:
    found = act(body)
    return read_event(found, Actor(user_ref(found), found.handle), MONDAY, router(), prefix)


def pressed(element: Mapping[str, Any], where: Mapping[str, Any] = IN_MESSAGE, **more: Any) -> dict[str, Any]:
    action = {"type": "button", "action_id": "answer.1:7:A", "action_ts": "1790000000.25", **element}
    return {"type": "block_actions", **BASE, **where, "actions": [action], **more}


def sent(values: Mapping[str, Any], origin: Origin | None = None) -> dict[str, Any]:
    metadata = (origin or Origin()).encode()
    state = {"values": {name: {VALUE: element} for name, element in values.items()}}
    view = {"type": "modal", "callback_id": "report.1:7", "private_metadata": metadata, "state": state}
    return {"type": "view_submission", **BASE, "view": view}


def test_a_command() -> None:
    body = COMMAND | {"text": "cnn hard"}
    assert read(body) == Invocation(
        id=act(body).key,
        actor=Actor(UserRef("slack", "T1", "U1"), "ada"),
        channel=STUDY,
        at=MONDAY,
        command="practice",
        text="cnn hard",
        form=True,
    )
    assert act(body).origin == Origin(channel="C1", response_url=URL)


@pytest.mark.parametrize(
    ("typed", "text", "prefix", "command", "rest"),
    [
        ("/dl-practice", "cnn", "dl-", "practice", "cnn"),
        ("/practice", "cnn", "dl-", "practice", "cnn"),
        ("/team", "create x", "", "team create", "x"),
        ("/dl-team", "create  two words", "dl-", "team create", "two words"),
        ("/team", "elsewhere", "", "team", "elsewhere"),
        ("/team", "", "", "team", ""),
        ("/practice", "a &lt; b &amp;&amp; c &gt; d", "", "practice", "a < b && c > d"),
        ("/practice", "&amp;lt;", "", "practice", "&lt;"),
        ("/practice", "<#C1|study> <!subteam^S1|@ml-team> <@U1|ada>", "", "practice", _MENTIONS),
        ("/practice", "<#C1|> a&lt;b", "", "practice", "<#C1|> a<b"),
        ("/practice", "see <https://x.org/?a=1&amp;b=2>", "", "practice", "see https://x.org/?a=1&b=2"),
        ("/practice", "<http://x.org|x.org> <mailto:a@x.org|a@x.org>", "", "practice", "x.org a@x.org"),
        ("/practice", "&lt;https://x.org&gt; &lt;b|c&gt;", "", "practice", "<https://x.org> <b|c>"),
    ],
)
def test_what_was_typed(typed: str, text: str, prefix: str, command: str, rest: str) -> None:
    event = read(COMMAND | {"command": typed, "text": text}, prefix)
    assert isinstance(event, Invocation)
    assert (event.command, event.text) == (command, rest)


@pytest.mark.parametrize(("channel", "direct"), [("C1", False), ("G1", False), ("D1", True)])
def test_direct_messages_are_told_apart(channel: str, direct: bool) -> None:
    assert read(COMMAND | {"channel_id": channel}).channel == ChannelRef(HOME, channel, direct=direct)


def test_the_shortcut_runs_a_command_in_the_persons_own_conversation() -> None:
    event = read({"type": "shortcut", **BASE, "callback_id": "practice", "action_ts": "1790000000.5"})
    assert isinstance(event, Invocation)
    at = datetime.fromtimestamp(1790000000.5, UTC)
    assert (event.command, event.text, event.form, event.channel, event.at) == ("practice", "", False, CHAT, at)


def test_the_home_tab_is_a_page() -> None:
    event = read(OPENED)
    assert event == Opening(
        id=act(OPENED).key, actor=Actor(UserRef("slack", "T1", "U1"), ""), channel=CHAT, at=MONDAY, page="home"
    )


def test_a_button() -> None:
    body = pressed({"value": "whatever"})
    event = read(body)
    assert event == Press(
        id=act(body).key,
        actor=Actor(UserRef("slack", "T1", "U1"), "ada"),
        channel=STUDY,
        at=datetime.fromtimestamp(1790000000.25, UTC),
        token="answer.1:7:A",  # noqa: S106 - a control's
        message=MessageRef(STUDY, "5.6"),
    )


@pytest.mark.parametrize("kind", ["static_select", "radio_buttons"])
def test_a_list_of_which_one_is_chosen(kind: str) -> None:
    event = read(pressed({"type": kind, "selected_option": {"value": "x"}}))
    assert isinstance(event, Press)
    assert (event.token, event.values) == ("answer.1:7:A", ("x",))


@pytest.mark.parametrize("within", ["message", "view"])
def test_the_button_of_a_list_of_which_several_are_chosen(within: str) -> None:
    chosen = {"type": "multi_static_select", "selected_options": [{"value": "x"}, {"value": "z"}]}
    state = {"values": {choice_block("answer.1:7:A"): {CHOOSE: chosen}, "other": {"other": {"value": "y"}}}}
    where: dict[str, Any] = {**IN_MESSAGE, "state": state}
    if within == "view":
        where = {"container": {"type": "view", "view_id": "V1"}, "view": {"id": "V1", "type": "modal", "state": state}}
    event = read(pressed({"value": CHOOSE}, where))
    assert isinstance(event, Press)
    assert (event.token, event.values) == ("answer.1:7:A", ("x", "z"))


def test_nothing_chosen_is_no_value() -> None:
    event = read(pressed({"value": CHOOSE}))
    assert isinstance(event, Press)
    assert event.values == ()


@pytest.mark.parametrize("kind", ["home", "modal"])
def test_a_press_outside_of_a_message(kind: str) -> None:
    where = {"container": {"type": "view", "view_id": "V1"}, "view": {"id": "V1", "type": kind}}
    event = read(pressed({}, where))
    assert isinstance(event, Press)
    assert (event.channel, event.message) == (CHAT, None)
    assert act(pressed({}, where)).origin == Origin(view="V1" if kind == "modal" else "")


def test_a_press_on_a_private_message_says_so() -> None:
    container = {**IN_MESSAGE["container"], "is_ephemeral": True}  # type: ignore[dict-item]
    found = act(pressed({}, {**IN_MESSAGE, "container": container}))
    assert found.origin == Origin("C1", "5.6", private=True, response_url=URL)


def test_a_sent_form() -> None:
    values = {
        "word": {"type": "plain_text_input", "value": "x < y"},
        "none": {"type": "plain_text_input", "value": None},
        "why": {"type": "radio_buttons", "selected_option": {"value": "b"}},
        "unset": {"type": "radio_buttons", "selected_option": None},
    }
    event = read(sent(values, Origin("C1", "5.6", private=True, response_url=URL)))
    assert isinstance(event, Submission)
    assert event.inputs == {"word": "x < y", "none": "", "why": "b", "unset": ""}
    assert (event.token, event.channel, event.message) == ("report.1:7", STUDY, MessageRef(STUDY, "5.6"))


@pytest.mark.parametrize("action_id", [CHOOSE, "link-1"])
def test_choosing_and_links_are_no_acts_yet(action_id: str) -> None:
    assert read_act(pressed({"action_id": action_id})) is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "block_actions", **BASE},
        {"type": "view_closed", **BASE},
        {"type": "message_action", **BASE},
        {"type": "event_callback", "event": {"type": "message"}},
        {"type": "event_callback", "event": None},
        OPENED | {"event": {"type": "app_home_opened", "user": "U1", "tab": "messages"}},
    ],
)
def test_what_is_no_act_of_a_person(body: dict[str, Any]) -> None:
    assert read_act(body) is None


def test_people_of_other_workspaces_keep_the_id_that_they_have_at_home() -> None:
    found = act(pressed({}, user={**ADA, "team_id": "T2"}))
    assert (found.workspace, user_ref(found)) == (HOME, UserRef("slack", "T2", "U1"))


def test_of_a_whole_organisation_the_persons_workspace_counts() -> None:
    within = act(pressed({}, enterprise={"id": "E1"}, user={"id": "U1", "team_id": "E1"}))
    assert user_ref(within) == user_ref(act(COMMAND | {"enterprise_id": "E1", "user_id": "U1"}))
    found = act(pressed({}, team=None, enterprise={"id": "E1"}))
    assert (found.team, found.enterprise) == ("T1", "E1")
    assert act(COMMAND | {"enterprise_id": "E1"}).enterprise == "E1"


EVERY = {
    "command": COMMAND,
    "shortcut": {"type": "shortcut", **BASE, "callback_id": "practice"},
    "home": OPENED,
    "press": pressed({}),
    "submission": sent({}),
}


@pytest.mark.parametrize("kind", EVERY)
def test_the_same_act_has_the_same_key_and_another_act_another(kind: str) -> None:
    body = EVERY[kind]
    key = act(body).key
    assert act(json.loads(json.dumps(body))).key == key
    assert len(key) <= 80
    again = {"event_id": "Ev2"} if kind == "home" else {"trigger_id": "9.9.9"}
    assert act({**body, **again}).key != key


def test_acts_of_different_kinds_and_people_never_share_a_key() -> None:
    bodies = [*EVERY.values(), COMMAND | {"user_id": "U2"}, pressed({}, user={**ADA, "id": "U2"})]
    assert len({act(body).key for body in bodies}) == len(bodies)


@pytest.mark.parametrize("ts", [None, "", "soon", "1e400", "nan"])
def test_a_moment_that_cannot_be_read_is_now(ts: str | None) -> None:
    assert read(pressed({"action_ts": ts})).at == MONDAY


@pytest.mark.parametrize("origin", [Origin(), Origin("C1", "5.6", private=True, view="V1", response_url=URL)], ids=str)
def test_an_origin_travels_in_a_forms_metadata(origin: Origin) -> None:
    assert Origin.decode(origin.encode()) == origin
    assert len(origin.encode()) < 3000


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", '"x"', '{"another": 1}', '{"channel": "C1", "x": ""}'])
def test_metadata_that_is_none_of_ours_is_no_origin(text: str) -> None:
    assert Origin.decode(text) == Origin()
