"""Forms and Homes: views.* and what the acknowledgement of a form does with it."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from tests.support.slack.chat import Call, Method
from tests.support.slack.content import Content
from tests.support.slack.faults import ApiError, bad_arguments
from tests.support.slack.interactions import Interaction, Interactions
from tests.support.slack.payloads import view_object
from tests.support.slack.state import Json, State, StoredView, User, Workspace

STACK = 3


class Views:
    """The methods views.*; each person has a stack of at most three forms and one Home."""

    def __init__(self, state: State, content: Content, interactions: Interactions, now: Callable[[], float]) -> None:
        self._state = state
        self._content = content
        self._interactions = interactions
        self._now = now

    def methods(self) -> dict[str, Method]:
        """Return each method by its name."""
        return {
            "views.open": self.open,
            "views.push": self.push,
            "views.update": self.update,
            "views.publish": self.publish,
        }

    def open(self, call: Call) -> Json:
        """Open a form for whoever the trigger_id came from; forms that were open go."""
        record, user, view = self._triggered(call)
        shown = self._new(call.workspace, user, view)
        self._state.modals[user.id] = [shown]
        return self._shown(record, shown)

    def push(self, call: Call) -> Json:
        """Put a form above the one that is open."""
        record, user, view = self._triggered(call)
        shown = self._stacked(call.workspace, user, view)
        return self._shown(record, shown)

    def update(self, call: Call) -> Json:
        """Change an open form, or a Home, found by its view_id or external_id."""
        view_id, external = call.arguments.get("view_id"), call.arguments.get("external_id")
        if bool(view_id) == bool(external):
            raise bad_arguments("either view_id or external_id")
        stacks = [*self._state.modals.values(), list(self._state.homes.values())]
        shown = next(
            (
                v
                for stack in stacks
                for v in stack
                if v.id == view_id or (external and v.view.get("external_id") == external)
            ),
            None,
        )
        if shown is None or shown.workspace is not call.workspace:
            raise ApiError("not_found")
        self._same(shown, call.arguments.get("hash"))
        self._rewrite(call.method, shown, call.arguments["view"])
        return {"ok": True, "view": view_object(shown)}

    def publish(self, call: Call) -> Json:
        """Show a person their Home."""
        user = self._state.user(call.workspace, call.arguments["user_id"])
        shown = self._state.homes.get(user.id)
        if shown is None:
            view = self._content.view(call.method, call.workspace, call.arguments["view"], "home")
            shown = self._state.homes[user.id] = self._new(call.workspace, user, view)
        else:
            self._same(shown, call.arguments.get("hash"))
            self._rewrite(call.method, shown, call.arguments["view"])
        return {"ok": True, "view": view_object(shown)}

    def acknowledge(self, record: Interaction) -> None:
        """Do what the acknowledgement of a sent form says; without a word the form closes. Raises ApiError."""
        shown, body = record.view, record.ack_body or {}
        assert shown is not None
        stack = self._state.modals.get(shown.user.id, [])
        if not isinstance(body, dict):
            raise bad_arguments(f"{type(body).__name__} is no answer to a form")
        action = body.get("response_action")
        shown.errors = {}
        if not body:
            if shown in stack:
                stack.remove(shown)
            return
        if action == "errors":
            self._hold_against(shown, body.get("errors") or {})
        elif action == "clear":
            stack.clear()
        elif action == "update":
            self._rewrite("view_submission", shown, body["view"])
        elif action == "push":
            view = self._content.view("view_submission", record.workspace, body["view"], "modal")
            record.opened = self._stacked(record.workspace, shown.user, view)
        else:
            raise bad_arguments(f"response_action {action!r}")
        record.done.set()

    def _hold_against(self, shown: StoredView, errors: dict[str, str]) -> None:
        inputs = {block["block_id"] for block in shown.blocks if block["type"] == "input"}
        if not errors or not errors.keys() <= inputs:
            raise bad_arguments(f"errors for {sorted(errors)}, the inputs are {sorted(inputs)}")
        shown.errors = errors

    def _triggered(self, call: Call) -> tuple[Interaction, User, Json]:
        view = self._content.view(call.method, call.workspace, call.arguments["view"], "modal")
        trigger = call.arguments.get("trigger_id") or call.arguments.get("interactivity_pointer") or ""
        record = self._interactions.exchange(call.workspace, trigger, self._now())
        assert record.user is not None
        return record, record.user, view

    def _new(self, workspace: Workspace, user: User, view: Json) -> StoredView:
        external = view.get("external_id")
        others = [*self._state.homes.values(), *(v for stack in self._state.modals.values() for v in stack)]
        if external and any(other.view.get("external_id") == external for other in others):
            raise ApiError("duplicate_external_id")
        identity = self._state.new_id("V")
        return StoredView(identity, workspace, user, view, self._hash(), identity)

    def _stacked(self, workspace: Workspace, user: User, view: Json) -> StoredView:
        stack = self._state.modals.get(user.id)
        if not stack:
            raise ApiError("not_found")
        if len(stack) >= STACK:
            raise ApiError("push_limit_reached")
        shown = self._new(workspace, user, view)
        shown.root, shown.previous = stack[0].id, stack[-1].id
        stack.append(shown)
        return shown

    def _shown(self, record: Interaction, shown: StoredView) -> Json:
        record.opened = shown
        record.done.set()
        return {"ok": True, "view": view_object(shown)}

    def _same(self, shown: StoredView, known: str | None) -> None:
        if known is not None and known != shown.hash:
            raise ApiError("hash_conflict")

    def _rewrite(self, where: str, shown: StoredView, view: Json) -> None:
        shown.view = self._content.view(where, shown.workspace, view, shown.view["type"])
        shown.hash = self._hash()
        places = {block["block_id"] for block in shown.view["blocks"]}
        # What a person has typed stays in the inputs that keep their block_id.
        shown.chosen = {place: kept for place, kept in shown.chosen.items() if place in places}

    def _hash(self) -> str:
        return f"{self._state.unix()}.{secrets.token_hex(4)}"
