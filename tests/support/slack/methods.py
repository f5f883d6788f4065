"""The Web API of the loopback Slack: who may call, what must be said, and the methods about people and places."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.slack.chat import Call, Chat, Method
from tests.support.slack.content import Note
from tests.support.slack.faults import ApiError, bad_arguments
from tests.support.slack.files import Files
from tests.support.slack.oauth import OAuth
from tests.support.slack.payloads import bot_person, conversation, message_object, person
from tests.support.slack.socket import Socket
from tests.support.slack.spec import REQUIRED, Spec, decoded, takes_json
from tests.support.slack.state import APP, Channel, Json, State, StoredMessage, Workspace
from tests.support.slack.views import Views

HISTORY_DEFAULT, HISTORY_MOST = 100, 999


class Methods:
    """Every method; ``gone`` is told of a workspace whose token was revoked, and whether the app was uninstalled."""

    def __init__(
        self,
        state: State,
        note: Note,
        parts: tuple[Chat, Views, Files],
        socket: Socket,
        oauth: OAuth,
        gone: Callable[[Workspace, bool], None],
    ) -> None:
        self.spec = Spec.from_environment()
        self._state = state
        self._note = note
        self._socket = socket
        self._oauth = oauth
        self._gone = gone
        self._methods: dict[str, Method] = {
            "auth.test": self.auth_test,
            "auth.revoke": self.auth_revoke,
            "apps.uninstall": self.uninstall,
            "bots.info": self.bots_info,
            "team.info": self.team_info,
            "users.info": self.users_info,
            "conversations.open": self.conversations_open,
            "conversations.info": self.conversations_info,
            "conversations.history": self.conversations_history,
            "conversations.replies": self.conversations_replies,
        }
        for part in parts:
            self._methods |= part.methods()

    def perform(self, method: str, token: str, raw: Json, *, as_json: bool) -> tuple[Json, Json]:
        """Return a call's arguments as they were meant and its answer; raises ApiError."""
        if method not in (*self._methods, "apps.connections.open", "oauth.v2.access"):
            self._note(f"{method}: the loopback has no such method")
            raise ApiError("unknown_method")
        if as_json and raw and not takes_json(method):
            self._note(f"{method}: reads forms, not JSON")
            raise bad_arguments("this method reads no JSON")
        arguments, faults = decoded(raw, as_json=as_json)
        workspace = None if method == "oauth.v2.access" else self.authorize(method, token)
        faults += [f"missing required field: {name}" for name in REQUIRED.get(method, ()) if name not in arguments]
        for fault in faults:
            self._note(f"{method}: {fault}")
        if faults:
            raise bad_arguments(*faults)
        for fault in self.spec.violations(method, arguments) if self.spec else []:
            self._note(fault)
        if method == "oauth.v2.access":
            return arguments, self._oauth.access(arguments)
        if workspace is None:
            return arguments, self._socket.ticket()
        return arguments, self._methods[method](Call(method, token, arguments, workspace))

    def authorize(self, method: str, token: str) -> Workspace | None:
        """Return the workspace that a token opens, None for the app's own token; raises ApiError."""
        if not token:
            raise ApiError("not_authed")
        held = self._state.tokens.get(token)
        if held is None:
            raise ApiError("invalid_auth")
        if held.trouble:
            raise ApiError(held.trouble)
        if (held.workspace is None) != (method == "apps.connections.open"):
            raise ApiError("not_allowed_token_type")
        return held.workspace

    def auth_test(self, call: Call) -> Json:
        """Say whose the token is."""
        workspace = call.workspace
        place = {"url": f"https://{workspace.domain}.slack.com/", "team": workspace.name, "team_id": workspace.id}
        own = {"user": "warmup", "user_id": workspace.bot_user, "bot_id": workspace.bot}
        org = {"enterprise_id": workspace.enterprise} if workspace.enterprise else {}
        return {"ok": True} | place | own | org | {"is_enterprise_install": False}

    def auth_revoke(self, call: Call) -> Json:
        """Revoke the token, unless it is only a test."""
        if not call.arguments.get("test"):
            self._oauth.revoke(call.workspace)
            self._gone(call.workspace, False)
        return {"ok": True, "revoked": not call.arguments.get("test")}

    def uninstall(self, call: Call) -> Json:
        """Take the app out of the workspace."""
        self._gone(self._oauth.uninstall(call), True)
        return {"ok": True}

    def bots_info(self, call: Call) -> Json:
        """Describe the bot."""
        call.need("users:read")
        if call.arguments.get("bot") != call.workspace.bot:
            raise ApiError("bot_not_found")
        own = {"id": call.workspace.bot, "app_id": APP, "user_id": call.workspace.bot_user}
        return {"ok": True, "bot": own | {"name": "Warmup", "deleted": False, "updated": self._state.unix()}}

    def team_info(self, call: Call) -> Json:
        """Describe the workspace."""
        call.need("team:read")
        if call.arguments.get("team", call.workspace.id) != call.workspace.id:
            raise ApiError("team_not_found")
        workspace = call.workspace
        team = {"id": workspace.id, "name": workspace.name, "domain": workspace.domain, "email_domain": ""}
        return {"ok": True, "team": team}

    def users_info(self, call: Call) -> Json:
        """Describe a person, or the bot."""
        call.need("users:read")
        if call.arguments["user"] == call.workspace.bot_user:
            return {"ok": True, "user": bot_person(call.workspace)}
        user = self._state.user(call.workspace, call.arguments["user"])
        locale = {"locale": user.locale} if call.arguments.get("include_locale") else {}
        return {"ok": True, "user": person(self._state, user) | locale}

    def conversations_open(self, call: Call) -> Json:
        """Open direct messages with one person."""
        call.need("im:write")
        users = [user for user in (call.arguments.get("users") or "").split(",") if user]
        if call.arguments.get("channel"):
            channel = self._state.channel(call.workspace, call.arguments["channel"])
        elif not users:
            raise ApiError("users_list_not_supplied")
        elif len(users) > 1:
            self._note("conversations.open: the loopback has no group messages")
            raise ApiError("too_many_users")
        else:
            user = self._state.user(call.workspace, users[0])
            if user.deleted:
                raise ApiError("user_disabled")
            channel = self._state.dm(user, call.workspace)
        shown = conversation(channel) if call.arguments.get("return_im") else {"id": channel.id}
        return {"ok": True, "channel": shown}

    def conversations_info(self, call: Call) -> Json:
        """Describe a channel."""
        channel = self._readable(call, "read")
        return {"ok": True, "channel": conversation(channel)}

    def conversations_history(self, call: Call) -> Json:
        """Return what everybody sees in a channel, newest first."""
        channel = self._history_of(call)
        return self._page(call, [m for m in reversed(channel.messages.values()) if m.thread_ts in (None, m.ts)])

    def conversations_replies(self, call: Call) -> Json:
        """Return what everybody sees in a thread, oldest first, the message that it hangs on in front."""
        channel, thread = self._history_of(call), call.arguments["ts"]
        parent = channel.messages.get(thread)
        if parent is None or parent.deleted:
            raise ApiError("thread_not_found")
        answer = self._page(call, [m for m in channel.messages.values() if m.thread_ts == thread])
        full = bool(call.arguments.get("include_all_metadata"))
        return answer | {"messages": [self._told(parent, full=full), *answer["messages"]]}

    def _history_of(self, call: Call) -> Channel:
        channel = self._readable(call, "history")
        if not channel.bot_is_member:
            raise ApiError("not_in_channel")
        return channel

    def _page(self, call: Call, messages: list[StoredMessage]) -> Json:
        """Return as many messages as are asked for, of those between two timestamps."""
        said = call.arguments
        begin, end = said.get("oldest") or "0", said.get("latest") or "9999999999"
        for name, value in (("oldest", begin), ("latest", end)):
            if not value.replace(".", "", 1).isdigit():
                raise ApiError(f"invalid_ts_{name}")
        oldest, latest = _exact(begin), _exact(end)
        edges = (oldest, latest) if said.get("inclusive") else ()
        found = [m for m in messages if oldest < _exact(m.ts) < latest or _exact(m.ts) in edges]
        found = [m for m in found if not m.deleted and not m.ephemeral]
        start = int(said.get("cursor") or 0)
        stop = start + min(HISTORY_MOST, said.get("limit") or HISTORY_DEFAULT)
        more = stop < len(found)
        told = [self._told(message, full=bool(said.get("include_all_metadata"))) for message in found[start:stop]]
        answer: Json = {"ok": True, "messages": told, "has_more": more, "pin_count": 0}
        return answer | ({"response_metadata": {"next_cursor": str(stop)}} if more else {})

    def _told(self, message: StoredMessage, *, full: bool) -> Json:
        return message_object(message) | ({"metadata": message.metadata} if full and message.metadata else {})

    def _readable(self, call: Call, right: str) -> Channel:
        channel = self._state.channel(call.workspace, call.arguments["channel"])
        call.need(f"{channel.kind}:{right}")
        return channel


def _exact(ts: str) -> tuple[int, int]:
    """Return a timestamp in seconds and microseconds, for floats would lose the last digits."""
    seconds, _, micro = ts.partition(".")
    return int(seconds), int(micro.ljust(6, "0")[:6] or 0)
