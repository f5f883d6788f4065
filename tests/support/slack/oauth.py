"""OAuth of the loopback Slack: the authorize page, codes for tokens, and the end of an installation."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.support.slack.chat import Call
from tests.support.slack.faults import ApiError
from tests.support.slack.state import APP, Json, State, User, Workspace

CODE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Code:
    """What a person allowed, to be exchanged once for a token."""

    user: User
    scopes: frozenset[str]
    redirect_uri: str
    at: float


class OAuth:
    """Codes that wait for their exchange; ``redirect_urls`` are the registered ones, empty for any."""

    def __init__(self, state: State, client_id: str, client_secret: str, now: Callable[[], float]) -> None:
        self.redirect_urls: list[str] = []
        self._state = state
        self._client = client_id, client_secret
        self._codes: dict[str, Code] = {}
        self._now = now

    def authorize(self, user: User | None, query: Mapping[str, str], *, allow: bool) -> str:
        """Return where the person's browser goes from the authorize page; raises ApiError."""
        if user is None:
            raise ApiError("not_signed_in", status=403)
        if query.get("client_id") != self._client[0]:
            raise ApiError("invalid_client_id", status=400)
        scopes = frozenset(filter(None, query.get("scope", "").split(",")))
        if not scopes:
            raise ApiError("no_scopes", status=400)
        back = query.get("redirect_uri") or next(iter(self.redirect_urls), "")
        if not back or (self.redirect_urls and not back.startswith(tuple(self.redirect_urls))):
            raise ApiError("bad_redirect_uri", status=400)
        answer = {"error": "access_denied"}
        if allow:
            code = secrets.token_urlsafe(24)
            self._codes[code] = Code(user, scopes, query.get("redirect_uri", ""), self._now())
            answer = {"code": code}
        return f"{back}?{urlencode(answer | {'state': query.get('state', '')})}"

    def access(self, arguments: Json) -> Json:
        """Exchange a code for a token; raises ApiError."""
        self._check_client(arguments)
        code = self._codes.pop(arguments.get("code", ""), None)
        if code is None or self._now() - code.at > CODE_SECONDS:
            raise ApiError("invalid_code")
        if code.redirect_uri != arguments.get("redirect_uri", ""):
            raise ApiError("bad_redirect_uri")
        workspace = code.user.workspace
        workspace.scopes |= code.scopes
        token = self._state.tokens.get(workspace.bot_token)
        if token is None or token.trouble:
            workspace.scopes = code.scopes
            self._state.new_bot_token(workspace)
        return {
            "ok": True,
            "app_id": APP,
            "authed_user": {"id": code.user.id},
            "scope": ",".join(sorted(workspace.scopes)),
            "token_type": "bot",
            "access_token": workspace.bot_token,
            "bot_user_id": workspace.bot_user,
            "team": {"id": workspace.id, "name": workspace.name},
            "enterprise": workspace.org,
            "is_enterprise_install": False,
        }

    def uninstall(self, call: Call) -> Workspace:
        """Take the app out of a workspace; raises ApiError."""
        self._check_client(call.arguments)
        self.revoke(call.workspace)
        return call.workspace

    def revoke(self, workspace: Workspace, trouble: str = "token_revoked") -> None:
        """Let a workspace's token open nothing any more."""
        self._state.tokens[workspace.bot_token].trouble = trouble

    def _check_client(self, arguments: Json) -> None:
        client_id, secret = self._client
        if arguments.get("client_id") != client_id:
            raise ApiError("invalid_client_id")
        if arguments.get("client_secret") != secret:
            raise ApiError("bad_client_secret")
