"""A small Discord on a loopback port: the HTTP API and the gateway that an unmodified client library talks to."""

from __future__ import annotations

import asyncio
import json
import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any, Never, Self

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.support.discord.command_limits import command_violations
from tests.support.discord.faults import ApiError, Fault, Faults
from tests.support.discord.gateway import Gateway
from tests.support.discord.interactions import MODAL, REPLY, UPDATE, InteractionRecord, Interactions
from tests.support.discord.limits import message_violations, modal_violations
from tests.support.discord.messages import Files
from tests.support.discord.openapi import OpenApi
from tests.support.discord.payloads import channel_payload, guild_create
from tests.support.discord.people import People
from tests.support.discord.rest import Rest, read_body
from tests.support.discord.state import APPLICATION, BOT, MANAGE_ROLES, Channel, Guild, Role, State, User
from tests.support.discord.threads import Call, Endpoint

PREFIX = "/api/v10"
_MESSAGES = re.compile(r"/channels/\d+/messages(/\d+)?|/webhooks/\d+/[^/]+(/messages/(@original|\d+))?")
_CALLBACK = re.compile(r"/interactions/\d+/[^/]+/callback")
_THREADS = re.compile(r"/channels/\d+/threads")
_COMMANDS = re.compile(r"/applications/\d+(/guilds/\d+)?/commands")
_LIMITS = {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "999", "X-RateLimit-Reset-After": "1.000"}


@dataclass(slots=True)
class Request:
    """A request that came, its path without /api/v10; ``at`` is loop time, ``status`` 0 until it is answered."""

    method: str
    path: str
    body: Any
    files: dict[str, bytes]
    headers: dict[str, str]
    at: float
    status: int = 0
    query: dict[str, str] = field(default_factory=dict)


class FakeDiscord(People):
    """The loopback Discord. ``violations`` collects what the real one would not have taken."""

    def __init__(self, *, deadline: float = 3.0) -> None:
        self.token = f"{b64encode(APPLICATION.encode()).decode().rstrip('=')}.loopback.opens-nothing-else"
        self.application, self.bot_id = APPLICATION, BOT
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.crashes: list[BaseException] = []
        self.faults = Faults()
        self.state = State()
        self.gateway = Gateway(self.state, self.token)
        self.interactions = Interactions(self.state, deadline, _now)
        self.rest = Rest(self.state, self.gateway, self.interactions, _now)
        self.api_url = self.gateway_url = ""
        self._openapi = OpenApi.from_environment()
        self._runner: web.AppRunner | None = None

    @property
    def records(self) -> list[InteractionRecord]:
        """Return every interaction so far."""
        return self.interactions.records

    @property
    def shards(self) -> int:
        """Return how many shards /gateway/bot recommends."""
        return self.rest.shards

    @shards.setter
    def shards(self, count: int) -> None:
        self.rest.shards = count

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen; port 0 takes a free one."""
        app = web.Application(client_max_size=26 * 2**20)
        for method, path, endpoint in self.rest.routes():
            app.router.add_route(method, PREFIX + path, self._serve(endpoint))
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_route("*", PREFIX + "/{rest:.*}", self._serve(self._unknown))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        chosen = self._runner.addresses[0][1]
        self.api_url = f"http://127.0.0.1:{chosen}{PREFIX}"
        self.gateway_url = self.gateway.url = f"ws://127.0.0.1:{chosen}/gateway"

    async def stop(self) -> None:
        """Cut every connection and stop listening."""
        await self.gateway.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _unknown(self, call: Call) -> None:
        self.violations.append(f"{call.params['rest']}: the loopback has no such endpoint")
        raise ApiError(404, 0, "404: Not Found")

    def _serve(self, endpoint: Endpoint) -> Handler:
        async def handler(http: web.Request) -> web.StreamResponse:
            request, files = await self._note(http)
            fault = self.faults.take(request.method, request.path)
            if fault is not None and fault.fails and not fault.after:
                return await self._strike(http, request, fault)
            call = Call(dict(http.match_info), request.query, request.body, files)
            answer = self._perform(http, request, endpoint, call)
            if fault is not None and fault.fails:
                return await self._strike(http, request, fault)
            if fault is not None:
                await asyncio.sleep(fault.delay)
            return answer

        return handler

    async def _note(self, http: web.Request) -> tuple[Request, Files]:
        body, files = await read_body(http)
        path = http.path.removeprefix(PREFIX)
        contents = dict(files.values())
        request = Request(http.method, path, body, contents, dict(http.headers), _now(), query=dict(http.query))
        self.requests.append(request)
        self.violations += [f"{http.method} {path}: {found}" for found in self._judge(http.method, path, body)]
        return request, files

    def _perform(self, http: web.Request, request: Request, endpoint: Endpoint, call: Call) -> web.Response:
        has_token = http.headers.get("Authorization") == f"Bot {self.token}"
        authorized = has_token or request.path.startswith(("/interactions/", "/webhooks/"))
        try:
            answer, status = endpoint(call) if authorized else _unauthorized(), 200
        except ApiError as error:
            answer, status = error.body, error.status
            record = self.interactions.find(call.params.get("token", ""))
            if record is not None:
                record.errors.append((error.code, error.body["message"]))
        except Exception as error:
            self.crashes.append(error)
            self.violations.append(f"{request.method} {request.path}: the loopback cannot make sense of it: {error!r}")
            answer, status = {"message": "500: Internal Server Error", "code": 0}, 500
        request.status = status if answer is not None else 204
        return self._answer(http, request.status, answer)

    async def _strike(self, http: web.Request, request: Request, fault: Fault) -> web.StreamResponse:
        await asyncio.sleep(fault.delay)
        request.status = fault.status or 0
        if fault.reset and http.transport is not None:
            http.transport.abort()
        return self._answer(http, fault.status or 500, fault.body, dict(fault.headers))

    def _answer(
        self, http: web.Request, status: int, body: object, headers: dict[str, str] | None = None
    ) -> web.Response:
        template = http.match_info.route.resource.canonical if http.match_info.route.resource else http.path
        sent = _LIMITS | {"X-RateLimit-Bucket": f"{abs(hash((http.method, template))):x}"}
        sent |= {"X-RateLimit-Reset": f"{self.state.now().timestamp() + 1:.3f}"} | (headers or {})
        if body is None:
            return web.Response(status=status, headers=sent)
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=sent)
        sent["Content-Type"] = "application/json"
        return web.Response(status=status, body=json.dumps(body).encode(), headers=sent)

    def _judge(self, method: str, path: str, body: Any) -> list[str]:
        found = self._openapi.violations(method, path, body) if self._openapi is not None else []
        if not isinstance(body, dict):
            return found + (command_violations(body) if body and method == "PUT" and _COMMANDS.fullmatch(path) else [])
        if method in ("POST", "PATCH") and _MESSAGES.fullmatch(path):
            found += message_violations(body)
        elif _CALLBACK.fullmatch(path) and body.get("type") in (REPLY, UPDATE):
            found += message_violations(body.get("data") or {})
        elif _CALLBACK.fullmatch(path) and body.get("type") == MODAL:
            found += modal_violations(body.get("data") or {})
        elif _THREADS.fullmatch(path) and "message" in body:
            found += message_violations(body["message"])
        return found

    def add_guild(self, name: str = "Study", *, joined: bool = True) -> Guild:
        """Add a server, with the bot on it or without."""
        identity, moderators = self.state.new_id(), self.state.new_id()
        guild = Guild(identity, name, moderators, self.state.timestamp(), joined)
        self.state.guilds[guild.id] = guild
        if joined:
            self.join(guild)
        return guild

    def join(self, guild: Guild) -> None:
        """Add the bot to a server; connected sessions learn of it as of a new one."""
        guild.joined = True
        self.gateway.dispatch("GUILD_CREATE", guild_create(self.state, guild, joining=True), guild.id)

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: int = 0,
        *,
        deny: int = 0,
        parent: Channel | None = None,
        tags: tuple[str, ...] = (),
        flags: int = 0,
    ) -> Channel:
        """Add a channel, a forum with tags, or with kind 11 a thread of its parent; ``deny`` are bits the bot lacks."""
        more = {"deny": deny, "parent": parent, "tags": tags, "flags": flags}
        channel = self.state.add_channel(kind, name, guild=guild, **more)
        if guild.joined:
            event = "THREAD_CREATE" if channel.is_thread else "CHANNEL_CREATE"
            self.gateway.dispatch(event, channel_payload(channel), guild.id)
        return channel

    def add_user(self, name: str, *, moderator: bool = False, nick: str | None = None) -> User:
        """Add a person who is a member of all servers; a moderator may manage them."""
        user = User(self.state.new_id(), name, moderator, nick)
        self.state.users[user.id] = user
        return user

    def add_role(
        self, guild: Guild, name: str, *, mentionable: bool = False, managed: bool = False, permissions: int = 0
    ) -> Role:
        """Add a role above all others; one that is ``mentionable`` may be notified by everybody."""
        role = Role(self.state.new_id(), name, mentionable, managed, permissions)
        guild.more_roles.append(role)
        self._tell_of_role(guild, role, "GUILD_ROLE_CREATE")
        return role

    def add_own_role(self, guild: Guild, permissions: int = MANAGE_ROLES) -> Role:
        """Add a role above all others that the bot has, as an invitation that asks for something makes it."""
        role = self.add_role(guild, "Warmup", managed=True, permissions=permissions)
        guild.held.setdefault(BOT, set()).add(role.id)
        member = {"guild_id": guild.id, **self.state.bot.member(guild)}
        self.gateway.dispatch("GUILD_MEMBER_UPDATE", member, guild.id)
        return role

    def move_to_top(self, guild: Guild, role: Role) -> None:
        """Move a role above all others."""
        guild.more_roles.sort(key=lambda one: one is role)
        for one in guild.more_roles:
            self._tell_of_role(guild, one, "GUILD_ROLE_UPDATE")

    def set_permissions(self, guild: Guild, role: Role, permissions: int) -> None:
        """Change what a role gives."""
        role.permissions = permissions
        self._tell_of_role(guild, role, "GUILD_ROLE_UPDATE")

    def delete_role(self, guild: Guild, role: Role) -> None:
        """Delete a role; nobody has it any more."""
        guild.more_roles.remove(role)
        for held in guild.held.values():
            held.discard(role.id)
        self.gateway.dispatch("GUILD_ROLE_DELETE", {"guild_id": guild.id, "role_id": role.id}, guild.id)

    def leave(self, guild: Guild, user: User) -> None:
        """Let somebody leave a server; Discord tells no bot of it without a privileged intent."""
        guild.left.add(user.id)
        guild.held.pop(user.id, None)

    def _tell_of_role(self, guild: Guild, role: Role, event: str) -> None:
        data = next(one for one in guild.roles() if one["id"] == role.id)
        self.gateway.dispatch(event, {"guild_id": guild.id, "role": data}, guild.id)

    def dm_channel(self, user: User) -> Channel:
        """Return the direct messages between a person and the bot."""
        return self.state.dm(user)

    def remove_guild(self, guild: Guild) -> None:
        """Kick the bot."""
        guild.joined = False
        self.gateway.dispatch("GUILD_DELETE", {"id": guild.id}, guild.id)

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel or thread."""
        channel.deleted = True
        event = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
        self.gateway.dispatch(event, channel_payload(channel), channel.guild.id if channel.guild else None)

    def update_channel(self, channel: Channel) -> None:
        """Tell every session what a channel is like now."""
        event = "THREAD_UPDATE" if channel.is_thread else "CHANNEL_UPDATE"
        self.gateway.dispatch(event, channel_payload(channel), channel.guild.id if channel.guild else None)

    def outage(self, guild: Guild) -> None:
        """Make a server unavailable for a while."""
        guild.available = False
        self.gateway.dispatch("GUILD_DELETE", {"id": guild.id, "unavailable": True}, guild.id)

    def recover(self, guild: Guild) -> None:
        """End an outage."""
        guild.available = True
        self.gateway.dispatch("GUILD_CREATE", guild_create(self.state, guild, joining=False), guild.id)


def _unauthorized() -> Never:
    raise ApiError(401, 0, "401: Unauthorized")


def _now() -> float:
    return asyncio.get_running_loop().time()
