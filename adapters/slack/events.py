"""What Slack sends, as the core's events, and where their answers go; read whole from what arrived."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from adapters.slack.render import CHOOSE, LINK, choice_block
from bot.commands import Router
from bot.events import Event, Invocation, Opening, Press, Submission
from bot.refs import Actor, ChannelRef, MessageRef, UserRef, WorkspaceRef

PLATFORM = "slack"
HOME = "home"
SHORTCUT = "practice"
"""The callback id of the global shortcut, and the command that it runs."""
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""What Slack writes for the three characters that it escapes in typed text; the ampersand last."""
_ADDRESS = re.compile(r"<(?:mailto:)?(?P<url>[^<>|\s@#!][^<>|\s]*)(?:\|(?P<typed>[^<>]*))?>")
"""An address as Slack writes it for commands that take mentions; before the bar as it understood it."""

Body: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an act came from, so that its answer can go there: what travels in a form's private metadata.

    ``message`` is the id of the pressed message, ``view`` that of a modal which holds the pressed control, or over
    which the form lies; ``response_url`` is a secret of the act's person.
    """

    channel: str = ""
    message: str = ""
    private: bool = False
    view: str = ""
    response_url: str = ""

    def encode(self) -> str:
        """Return it as a form's private metadata."""
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def decode(cls, text: str) -> Origin:
        """Return what a form's private metadata holds; nothing for what is none of ours."""
        try:
            found = json.loads(text or "{}")
            return cls(**found) if isinstance(found, dict) else cls()
        except (ValueError, TypeError):
            return cls()


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a person did: who and where, the event's kind and data, and where its answer goes."""

    kind: str
    team: str
    enterprise: str
    user: str
    user_team: str
    handle: str
    trigger: str
    key: str
    origin: Origin
    at: datetime | None
    data: Body

    @property
    def workspace(self) -> WorkspaceRef:
        """Return the workspace."""
        return WorkspaceRef(PLATFORM, self.team)

    @property
    def channel(self) -> ChannelRef:
        """Return the channel; what is done outside of one belongs to the person's own conversation with the app."""
        place = self.origin.channel or self.user
        return ChannelRef(self.workspace, place, direct=not place.startswith(("C", "G")))


def read_act(body: Body) -> Act | None:
    """Return what a person did, or None for what is no act of a person."""
    if "command" in body:
        return _command(body)
    match body.get("type"):
        case "block_actions":
            return _press(body)
        case "view_submission":
            return _submission(body)
        case "shortcut":
            return _act(body, "shortcut", Origin(), body)
        case "event_callback" if _event(body).get("type") == "app_home_opened" and _event(body).get("tab") == HOME:
            return _home(body)
        case _:
            return None


def read_event(act: Act, actor: Actor, now: datetime, router: Router, prefix: str) -> Event:
    """Return an act as the core's event."""
    known: dict[str, Any] = {"id": act.key, "actor": actor, "channel": act.channel, "at": act.at or now}
    message = MessageRef(act.channel, act.origin.message) if act.origin.message else None
    match act.kind:
        case "command":
            name = str(act.data["command"]).removeprefix("/").removeprefix(prefix)
            command, text = router.find(f"{name} {plain(str(act.data.get('text', '')))}")
            return Invocation(**known, command=command, text=text, form=True)
        case "shortcut":
            return Invocation(**known, command=SHORTCUT)
        case "home":
            return Opening(**known, page=HOME)
        case "press":
            token, values = _pressed(act.data)
            return Press(**known, token=token, values=values, message=message)
        case _:
            view: Body = act.data.get("view") or {}
            inputs = dict(_inputs(view))
            return Submission(**known, token=str(view.get("callback_id", "")), inputs=inputs, message=message)


def plain(text: str) -> str:
    """Return typed text without Slack's escapes; channels, people and groups stay as Slack writes them."""
    text = _ADDRESS.sub(lambda address: address["typed"] or address["url"], text)
    for entity, sign in ENTITIES:
        text = text.replace(entity, sign)
    return text


def user_ref(act: Act) -> UserRef:
    """Return who did it; people of other workspaces who share a channel keep the id that they have at home.

    Within an enterprise ids are the same in all workspaces, and not every payload names the same one as home.
    """
    home = act.team if act.enterprise else act.user_team or act.team
    return UserRef(PLATFORM, home, act.user)


def _act(body: Body, kind: str, origin: Origin, data: Body) -> Act:
    user: Body = body.get("user") or {}
    home = str(user.get("team_id") or "")
    return Act(
        kind=kind,
        team=_id(body, "team") or home,
        enterprise=_id(body, "enterprise"),
        user=str(user.get("id", "")),
        user_team=home,
        handle=str(user.get("username") or user.get("name") or ""),
        trigger=str(body.get("trigger_id", "")),
        key=_key(kind, body.get("trigger_id"), user.get("id")),
        origin=origin,
        at=_moment(data.get("action_ts")),
        data=data,
    )


def _command(body: Body) -> Act:
    origin = Origin(channel=str(body.get("channel_id", "")), response_url=str(body.get("response_url", "")))
    return Act(
        kind="command",
        team=str(body.get("team_id", "")),
        enterprise=str(body.get("enterprise_id") or ""),
        user=str(body.get("user_id", "")),
        user_team="",
        handle=str(body.get("user_name", "")),
        trigger=str(body.get("trigger_id", "")),
        key=_key("command", body.get("trigger_id"), body.get("user_id")),
        origin=origin,
        at=None,
        data=body,
    )


def _press(body: Body) -> Act | None:
    pressed = [action for action in body.get("actions") or () if isinstance(action, dict)]
    if not pressed:
        return None
    container: Body = body.get("container") or {}
    view: Body = body.get("view") or {}
    origin = Origin(
        channel=_id(body, "channel") or str(container.get("channel_id") or ""),
        message=str(container.get("message_ts") or ""),
        private=bool(container.get("is_ephemeral")),
        view=str(view.get("id", "")) if view.get("type") == "modal" else "",
        response_url=str(body.get("response_url") or ""),
    )
    act = _act(body, "press", origin, {**pressed[0], "state": body.get("state") or view.get("state") or {}})
    name = str(act.data.get("action_id", ""))
    return None if name == CHOOSE or name.startswith(LINK) else act


def _submission(body: Body) -> Act:
    view: Body = body.get("view") or {}
    return _act(body, "submission", Origin.decode(str(view.get("private_metadata") or "")), body)


def _home(body: Body) -> Act:
    event = _event(body)
    user = str(event.get("user", ""))
    return Act(
        kind="home",
        team=str(body.get("team_id", "")),
        enterprise=str(body.get("enterprise_id") or ""),
        user=user,
        user_team="",
        handle="",
        trigger="",
        key=_key("home", body.get("event_id"), user),
        origin=Origin(),
        at=None,
        data=event,
    )


def _pressed(action: Body) -> tuple[str, tuple[str, ...]]:
    """Return what a control means and what was chosen with it.

    A list of several sends nothing that counts while people choose; the button below it does, and what is chosen then
    stands in the state.
    """
    token = str(action.get("action_id", ""))
    if action.get("type") in ("static_select", "multi_static_select", "radio_buttons"):
        return token, tuple(_chosen(action))
    if action.get("value") != CHOOSE:
        return token, ()
    state: Body = (action.get("state") or {}).get("values") or {}
    return token, tuple(_chosen((state.get(choice_block(token)) or {}).get(CHOOSE) or {}))


def _chosen(element: Body) -> Iterator[str]:
    several = element.get("selected_options")
    one = element.get("selected_option")
    for option in several if several is not None else ([one] if one else []):
        yield str(option.get("value", ""))


def _inputs(view: Body) -> Iterator[tuple[str, str]]:
    """Yield name and value of each field of a form."""
    values: Body = (view.get("state") or {}).get("values") or {}
    for name, elements in values.items():
        for element in elements.values():
            typed = element.get("value")
            yield str(name), str(typed) if typed is not None else ",".join(_chosen(element))


def _event(body: Body) -> Body:
    event = body.get("event")
    return event if isinstance(event, dict) else {}


def _id(body: Body, name: str) -> str:
    found = body.get(name)
    return str(found.get("id") or "") if isinstance(found, dict) else ""


def _key(kind: str, trigger: object, user: object) -> str:
    """Return a name for an act that a repetition of it has too, short enough for storage."""
    return f"{PLATFORM}:{hashlib.sha256(f'{kind}:{trigger}:{user}'.encode()).hexdigest()[:40]}"


def _moment(written: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(str(written)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
