"""What people do on the loopback Slack: each act goes to the app as Slack would send it, and its record comes back."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence

from tests.support.slack.controls import action, controls, fabricated, filled, find, missing, values_of
from tests.support.slack.delivery import Deliveries
from tests.support.slack.interactions import COMMAND, EVENT, INTERACTIVE, Interaction, Interactions
from tests.support.slack.payloads import (
    command_payload,
    event_payload,
    message_container,
    view_container,
    view_object,
    where_and_who,
)
from tests.support.slack.state import Channel, Json, State, StoredMessage, StoredView, User, Workspace


class People:
    """The acts of people; what they see is ``seen_by``, ``home_of`` and ``modal_of``."""

    state: State
    interactions: Interactions
    deliveries: Deliveries
    api_url: str
    url: str
    verification_token: str

    async def command(self, user: User, channel: Channel, command: str, text: str = "") -> Interaction:
        """Send a slash command."""
        payload = command_payload(user, channel, command, text, self.verification_token)
        record = self._record(COMMAND, channel.workspace, payload, user, channel=channel)
        return await self._send(record, url=True, trigger=True)

    async def press(
        self,
        user: User,
        message: StoredMessage | None,
        action_id: str,
        *,
        value: str | None = None,
        values: Sequence[str] = (),
        channel: Channel | None = None,
        forged: bool = False,
    ) -> Interaction:
        """Press a button, or with values pick from a list; without a message an old ephemeral one is made for it.

        ``forged`` sends an action_id, value or choice that the message does not have.
        """
        if message is None:
            assert channel is not None, "without a message the channel must be said"
            message, forged = self._old(user, channel, fabricated(action_id, value, values)), True
        assert message.viewer in (None, user), "nobody else sees an ephemeral message"
        assert not message.deleted, "the message is gone"
        place, element = _control(message.blocks, action_id, value, values, forged=forged)
        used = action(place, element, value, values, self.state.new_ts(), forged=forged)
        chosen = message.chosen.setdefault(user.id, {})
        _remember(chosen, place, element, used)
        workspace = message.channel.workspace
        payload: Json = {"type": "block_actions"} | where_and_who(workspace, user, self.verification_token)
        payload |= message_container(message) | {"state": {"values": values_of(message.blocks, chosen)}}
        payload["actions"] = [used]
        record = self._record(INTERACTIVE, workspace, payload, user, channel=message.channel, source=message)
        return await self._send(record, url=True, trigger=True)

    async def press_home(
        self,
        user: User,
        action_id: str,
        *,
        value: str | None = None,
        values: Sequence[str] = (),
        forged: bool = False,
    ) -> Interaction:
        """Press something on the person's Home; ``forged`` as for ``press``."""
        view = self.home_of(user)
        assert view is not None, "the person has no Home"
        return await self.press_modal(user, view, action_id, value=value, values=values, forged=forged)

    async def press_modal(
        self,
        user: User,
        view: StoredView | str,
        action_id: str,
        *,
        value: str | None = None,
        values: Sequence[str] = (),
        forged: bool = False,
    ) -> Interaction:
        """Press something within an open form (or a Home); ``forged`` as for ``press``."""
        shown = self._view(view)
        place, element = _control(shown.blocks, action_id, value, values, forged=forged)
        used = action(place, element, value, values, self.state.new_ts(), forged=forged)
        _remember(shown.chosen, place, element, used)
        payload: Json = {"type": "block_actions"} | where_and_who(shown.workspace, user, self.verification_token)
        payload |= view_container(shown, values_of(shown.blocks, shown.chosen)) | {"actions": [used]}
        record = self._record(INTERACTIVE, shown.workspace, payload, user, view=shown)
        return await self._send(record, trigger=True)

    async def submit(
        self,
        user: User,
        view: StoredView | str,
        values: Mapping[str, str | Sequence[str]] | None = None,
        *,
        forged: bool = False,
    ) -> Interaction:
        """Send a form, filled in by block_id: text, or the value of an option, or several.

        ``forged`` lets through what the person's client would not: other choices, texts too long, parts left out.
        """
        shown = self._view(view)
        assert not isinstance(view, StoredView) or self.state.modal(view.id) is view, "the form is closed"
        inputs = dict(controls(shown.blocks))
        for name, given in (values or {}).items():
            assert name in inputs, f"the form has no {name!r}, only {sorted(inputs)}"
            element = inputs[name]
            shown.chosen.setdefault(name, {})[element["action_id"]] = filled(element, given, forged=forged)
        sent = values_of(shown.blocks, shown.chosen)
        assert forged or not (left := missing(shown.blocks, sent)), f"the form wants {left}"
        own = {"state": {"values": sent}}
        payload: Json = {"type": "view_submission"} | where_and_who(shown.workspace, user, self.verification_token)
        payload |= {"view": view_object(shown) | own, "response_urls": []}
        record = self._record(INTERACTIVE, shown.workspace, payload, user, view=shown)
        return await self._send(record, trigger=True)

    async def close_view(self, user: User, view: StoredView | str) -> Interaction | None:
        """Close a form; the app hears of it only where the form says ``notify_on_close``."""
        shown = self._view(view)
        self.state.modals[user.id].remove(shown)
        if not shown.view.get("notify_on_close"):
            return None
        payload: Json = {"type": "view_closed"} | where_and_who(shown.workspace, user, self.verification_token)
        payload |= {"view": view_object(shown), "is_cleared": False}
        return await self._send(self._record(INTERACTIVE, shown.workspace, payload, user, view=shown))

    async def shortcut(self, user: User, callback_id: str) -> Interaction:
        """Use a global shortcut."""
        payload: Json = {"type": "shortcut"} | where_and_who(user.workspace, user, self.verification_token)
        payload |= {"callback_id": callback_id, "action_ts": self.state.new_ts()}
        return await self._send(self._record(INTERACTIVE, user.workspace, payload, user), trigger=True)

    async def open_home(self, user: User, tab: str = "home") -> Interaction:
        """Open a tab of the app's Home."""
        event: Json = {"type": "app_home_opened", "user": user.id, "channel": self.state.dm(user).id, "tab": tab}
        view = self.home_of(user)
        if view is not None:
            event["view"] = view_object(view)
        return await self.event(user.workspace, event)

    async def event(self, workspace: Workspace, event: Json) -> Interaction:
        """Send any event of a workspace; it gets an event_ts if it has none."""
        record = self.tell(workspace, event)
        await asyncio.sleep(0)
        return record

    def tell(self, workspace: Workspace, event: Json) -> Interaction:
        """Send an event as ``event`` does, from where nothing can be awaited."""
        told = event if "event_ts" in event else event | {"event_ts": self.state.new_ts()}
        payload = event_payload(self.state, workspace, told, self.verification_token)
        record = self._record(EVENT, workspace, payload, None)
        self.interactions.records.append(record)
        self.deliveries.start(record)
        return record

    def say(self, user: User, channel: Channel, text: str) -> StoredMessage:
        """Write a message as a person does; the app hears nothing of it."""
        return self._keep(StoredMessage(self.state.new_ts(), channel, user.id, text))

    def seen_by(self, user: User, channel: Channel, thread: str = "") -> list[StoredMessage]:
        """Return what a person sees in a channel, oldest first: public messages and the person's own ephemeral ones.

        What stands in a thread is seen in that thread alone.
        """
        if not channel.shows(user):
            return []
        there = [m for m in channel.messages.values() if (m.thread_ts or "") == thread]
        return [m for m in there if not m.deleted and m.viewer in (None, user)]

    def home_of(self, user: User) -> StoredView | None:
        """Return the person's Home, if the app has published one."""
        return self.state.homes.get(user.id)

    def modal_of(self, user: User) -> StoredView | None:
        """Return the form that the person has before them."""
        stack = self.state.modals.get(user.id)
        return stack[-1] if stack else None

    def _keep(self, message: StoredMessage) -> StoredMessage:
        message.channel.messages[message.ts] = message
        return message

    def _old(self, user: User, channel: Channel, block: Json) -> StoredMessage:
        """Make a private message of long ago that has nothing but a control."""
        bot = channel.workspace.bot_user
        return self._keep(StoredMessage(self.state.new_ts(), channel, bot, "Old", [block], viewer=user))

    def _view(self, view: StoredView | str) -> StoredView:
        if isinstance(view, StoredView):
            return view
        homes = (home for home in self.state.homes.values() if home.id == view)
        found = self.state.modal(view) or next(homes, None)
        assert found is not None, f"no view {view!r} is open"
        return found

    def _record(
        self,
        kind: str,
        workspace: Workspace,
        payload: Json,
        user: User | None,
        *,
        channel: Channel | None = None,
        source: StoredMessage | None = None,
        view: StoredView | None = None,
    ) -> Interaction:
        now = asyncio.get_running_loop().time()
        return Interaction(kind, workspace, payload, now, user, channel, source, view)

    async def _send(self, record: Interaction, *, url: bool = False, trigger: bool = False) -> Interaction:
        if trigger:
            record.trigger_id = f"{self.state.new_id('')}.{secrets.token_hex(8)}"
            record.payload["trigger_id"] = record.trigger_id
        if url:
            kind = "commands" if record.kind == COMMAND else "actions"
            record.response_url = f"{self.url}/respond/{kind}/{record.workspace.id}/{secrets.token_urlsafe(24)}"
            record.payload["response_url"] = record.response_url
        self.interactions.records.append(record)
        self.deliveries.start(record)
        await asyncio.sleep(0)
        return record


def _control(
    blocks: Sequence[Json], action_id: str, value: str | None, values: Sequence[str], *, forged: bool
) -> tuple[str, Json]:
    found = find(blocks, action_id)
    assert forged or found is not None, f"{action_id!r} is not among {[e['action_id'] for _, e in controls(blocks)]}"
    if found is None:
        block = fabricated(action_id, value, values)
        return str(block["block_id"]), block["elements"][0]
    return found


def _remember(chosen: dict[str, Json], place: str, element: Json, used: Json) -> None:
    """Keep what a list shows from now on; a button has no state."""
    if element["type"] != "button":
        kept = {name: used[name] for name in used if name not in ("action_id", "block_id", "action_ts")}
        chosen.setdefault(place, {})[element["action_id"]] = kept
