"""The HTTP endpoints of the loopback Slack: every request is written down, may meet an ordered fault, is answered."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import hdrs, web

from tests.support.slack.chat import Chat
from tests.support.slack.faults import ApiError, Fault, Faults
from tests.support.slack.files import Files
from tests.support.slack.interactions import Interactions
from tests.support.slack.methods import Methods
from tests.support.slack.oauth import OAuth
from tests.support.slack.pace import Pace
from tests.support.slack.state import Json, State

RESPONSE_URL, UPLOAD = "response_url", "upload"


@dataclass(slots=True)
class ApiCall:
    """A call that came, its arguments as they were meant; ``at`` is loop time, ``status`` 0 until it is answered.

    Requests of response_urls and uploads are calls of the methods "response_url" and "upload". ``error`` is Slack's
    word where it refused; ``path`` is that of a response_url.
    """

    method: str
    token: str
    arguments: Json
    at: float
    status: int = 0
    error: str = ""
    path: str = ""


class Endpoints:
    """What answers; ``calls``, ``crashes`` and ``violations`` fill as requests come."""

    def __init__(
        self,
        state: State,
        methods: Methods,
        parts: tuple[Chat, Files, OAuth],
        interactions: Interactions,
        note: Callable[[str], None],
    ) -> None:
        self.calls: list[ApiCall] = []
        self.crashes: list[BaseException] = []
        self.faults = Faults()
        self._state = state
        self._methods = methods
        self._chat, self._files, self._oauth = parts
        self._interactions = interactions
        self._note = note
        self._pace = Pace()

    def add_to(self, app: web.Application, pace: Pace) -> None:
        """Add the routes."""
        self._pace = pace
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_post("/respond/{rest:.+}", self._respond)
        app.router.add_post("/upload/{secret}", self._upload)
        app.router.add_get("/oauth/v2/authorize", self._authorize)

    async def _api(self, http: web.Request) -> web.StreamResponse:
        call = ApiCall(http.match_info["method"], _bearer(http), {}, _now())
        self.calls.append(call)
        as_json = http.content_type == "application/json"
        try:
            call.arguments = await _read(http)
            call.token = call.token or str(call.arguments.pop("token", ""))
        except ApiError as error:
            self._note(f"{call.method}: {error}")
            call.status, call.error = 200, error.error
            return self._answer(call, error.body)

        def work() -> Json:
            call.arguments, answer = self._methods.perform(call.method, call.token, call.arguments, as_json=as_json)
            return answer

        return await self._serve(http, call, work)

    async def _respond(self, http: web.Request) -> web.StreamResponse:
        call = ApiCall(RESPONSE_URL, "", {}, _now(), path=http.path)
        self.calls.append(call)
        try:
            call.arguments = dict(await http.json())
        except (ValueError, TypeError):
            self._note("response_url: a body that is no JSON object")
            call.status = 400
            return web.Response(status=400, text="invalid_payload")

        def work() -> str:
            record = self._interactions.respond(http.path, _now())
            self._chat.respond(record, call.arguments, RESPONSE_URL)
            record.used += 1
            return "ok"

        return await self._serve(http, call, work)

    async def _upload(self, http: web.Request) -> web.StreamResponse:
        form = await http.post() if http.content_type == "multipart/form-data" else {}
        field = next(iter(form.values()), None)
        data = field.file.read() if isinstance(field, web.FileField) else await http.read()
        call = ApiCall(UPLOAD, "", {"bytes": len(data)}, _now())
        self.calls.append(call)
        return await self._serve(http, call, lambda: self._files.upload(http.match_info["secret"], data))

    async def _authorize(self, http: web.Request) -> web.StreamResponse:
        """Stand for the page on which a person, told by a header, presses Allow or Cancel."""
        user = self._state.users.get(http.headers.get("X-Person", ""))
        try:
            url = self._oauth.authorize(user, dict(http.query), allow=http.headers.get("X-Press") != "Cancel")
        except ApiError as error:
            return web.Response(status=error.status, text=error.error)
        return web.Response(status=302, headers={hdrs.LOCATION: url})

    async def _serve(self, http: web.Request, call: ApiCall, work: Callable[[], Json | str]) -> web.StreamResponse:
        fault = self.faults.take(call.method)
        if fault is not None and not fault.after:
            if fault.hold is not None:
                await fault.hold.wait()
            if fault.fails:
                return self._strike(http, call, fault)
        wait = self._pace.wait(call.method, call.token, str(call.arguments.get("channel", "")), _now())
        if wait:
            call.status, call.error = 429, "ratelimited"
            return self._answer(call, {"ok": False, "error": "ratelimited"}, {hdrs.RETRY_AFTER: str(wait)})
        answer = self._perform(call, work)
        if fault is not None and fault.after:
            if fault.hold is not None:
                await fault.hold.wait()
            if fault.fails:
                return self._strike(http, call, fault)
        return self._answer(call, answer)

    def _perform(self, call: ApiCall, work: Callable[[], Json | str]) -> Json | str:
        try:
            answer, call.status = work(), 200
        except ApiError as error:
            call.status, call.error = error.status, error.error
            return error.body
        except Exception as error:
            self.crashes.append(error)
            self._note(f"{call.method}: the loopback cannot make sense of it: {error!r}")
            call.status, call.error = 500, "internal_error"
            return {"ok": False, "error": "internal_error"}
        return answer

    def _strike(self, http: web.Request, call: ApiCall, fault: Fault) -> web.StreamResponse:
        call.status = fault.status or 0
        if fault.reset and http.transport is not None:
            http.transport.abort()
        if isinstance(fault.body, str):
            headers = {hdrs.CONTENT_TYPE: "text/html; charset=utf-8"} | dict(fault.headers)
            return web.Response(status=fault.status or 500, text=fault.body, headers=headers)
        return self._answer(call, dict(fault.body) if isinstance(fault.body, dict) else {}, dict(fault.headers))

    def _answer(self, call: ApiCall, body: Json | str, headers: dict[str, str] | None = None) -> web.Response:
        status = call.status or 500
        if isinstance(body, str):
            return web.Response(status=status, text=body)
        sent = dict(headers or {})
        held = self._state.tokens.get(call.token)
        if held is not None and not held.trouble:
            scopes = held.workspace.scopes if held.workspace else {"connections:write"}
            sent["X-OAuth-Scopes"] = ",".join(sorted(scopes))
        return web.Response(
            status=status, body=json.dumps(body).encode(), content_type="application/json", headers=sent
        )


async def _read(http: web.Request) -> Json:
    """Return the arguments of the query and the body; raises ApiError."""
    arguments: Json = dict(http.query)
    if http.headers.get(hdrs.AUTHORIZATION, "").startswith("Basic "):
        login, _, password = b64decode(http.headers[hdrs.AUTHORIZATION].split()[1]).decode().partition(":")
        arguments |= {"client_id": login, "client_secret": password}
    if http.content_type == "application/json":
        text = await http.text()
        try:
            body = json.loads(text or "{}")
        except ValueError:
            raise ApiError("invalid_json") from None
        if not isinstance(body, dict):
            raise ApiError("json_not_object")
        return arguments | body
    if http.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return arguments | {name: value for name, value in (await http.post()).items() if isinstance(value, str)}
    if await http.read():
        raise ApiError("invalid_post_type")
    return arguments


def _bearer(http: web.Request) -> str:
    kind, _, token = http.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    return token if kind == "Bearer" else ""


def _now() -> float:
    return asyncio.get_running_loop().time()
