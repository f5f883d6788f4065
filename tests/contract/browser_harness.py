"""The browser page under test: the real server on a loopback port, driven through real WebSockets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from aiohttp import ClientSession

from adapters.browser.app import BrowserApp
from adapters.browser.platform import WORKSPACE, BrowserPlatform
from adapters.storage.transcript import SqlTranscript
from adapters.storage.work import SqlStorage
from bot.dispatch import Dispatcher
from bot.refs import ChannelRef, UserRef
from tests.contract.harness import Control, Form, Seen
from tests.support.page import Tab
from tests.support.world import StillClock


class BrowserHarness:
    """The Harness of the browser adapter."""

    channel = ChannelRef(WORKSPACE, "study")
    group = ""

    def __init__(self, storage: SqlStorage, clock: StillClock) -> None:
        self._transcript = SqlTranscript(storage)
        self._clock = clock
        self._session = ClientSession()
        self._tabs: dict[str, Tab] = {}
        self._old: dict[str, list[dict[str, Any]]] = {}

    def user_id(self, who: str) -> str:
        return who

    def user(self, who: str) -> UserRef:
        return UserRef(WORKSPACE.platform, "local", who)

    async def start(self, dispatcher: Dispatcher[Any]) -> None:
        """Serve the page."""
        self.app = BrowserApp(self._transcript, dispatcher, self._clock)
        self.port = await self.app.start("127.0.0.1", 0)
        self.platform = BrowserPlatform(self.app.hub)

    async def restart(self, dispatcher: Dispatcher[Any]) -> None:
        for who, tab in self._tabs.items():
            self._old.setdefault(who, []).extend(tab.frames)
            await tab.close()
        self._tabs.clear()
        await self.app.stop(0)
        await self.start(dispatcher)

    async def open_tab(self, who: str, since: int = 0) -> Tab:
        """Open one more page as a person."""
        origin = f"http://127.0.0.1:{self.port}"
        socket = await self._session.ws_connect(f"{origin}/ws", headers={"Origin": origin})
        await socket.send_json({"type": "hello", "person": who, "since": since})
        tab = Tab(socket)
        await tab.welcome()
        return tab

    async def tab(self, who: str) -> Tab:
        """Return the page of a person, opening it at first."""
        if who not in self._tabs:
            self._tabs[who] = await self.open_tab(who)
        return self._tabs[who]

    async def type(self, who: str, text: str) -> None:
        tab = await self.tab(who)
        await tab.say(text, self.channel.id)

    async def press(self, who: str, message: Seen | None, token: str, values: Sequence[str] = ()) -> None:
        tab = await self.tab(who)
        number = int(message.id) if message else 0
        await tab.act(type="press", message=number, token=token, values=list(values))

    async def submit(self, who: str, form: Form, inputs: Mapping[str, str]) -> None:
        tab = await self.tab(who)
        await tab.act(
            type="submit",
            channel=self.channel.id,
            message=int(form.origin) if form.origin else None,
            token=form.token,
            inputs=dict(inputs),
        )

    async def garbage(self, who: str) -> None:
        tab = await self.tab(who)
        rubbish = ("", "{", "[]", "null", '{"type":"press"}', '{"type":"say","id":1}', "\u0000" * 50)
        errors = _errors(tab.frames) + len(rubbish) + 1
        for text in rubbish:
            await tab.socket.send_str(text)
        await tab.socket.send_bytes(b"\xff\xfe")
        await tab.until(lambda frames: _errors(frames) >= errors)

    async def see(self, who: str, place: ChannelRef | None = None) -> list[Seen]:
        assert place in (None, self.channel)
        fresh = await self.open_tab(who)
        messages = (await fresh.welcome())["messages"]
        await fresh.close()
        return [seen(message) for message in sorted(messages, key=lambda message: message["id"])]

    async def told(self, who: str) -> list[Seen]:
        return [message for message in await self.see(who) if message.private]

    def notified(self) -> list[str]:
        return []

    async def forget_keys(self) -> datetime:
        before = self._clock.now()
        self._clock.pass_time(days=1)
        return before

    def form(self, who: str) -> Form | None:
        opened = [frame for frame in self._frames(who) if frame["type"] == "modal"]
        if not opened:
            return None
        modal = opened[-1]["modal"]
        origin = opened[-1]["message"]
        names = tuple(field["name"] for field in modal["inputs"])
        return Form(modal["title"], modal["token"], names, None if origin is None else str(origin))

    async def until_told_to_wait(self, who: str) -> None:
        tab = await self.tab(who)
        await tab.until(lambda frames: frames[-1]["type"] == "working")

    async def close(self) -> None:
        for tab in self._tabs.values():
            await tab.close()
        await self.app.stop(1)
        await self._session.close()

    def _frames(self, who: str) -> list[dict[str, Any]]:
        return [*self._old.get(who, []), *(self._tabs[who].frames if who in self._tabs else [])]


def _errors(frames: list[dict[str, Any]]) -> int:
    return sum(frame["type"] == "error" for frame in frames)


def seen(message: dict[str, Any]) -> Seen:
    """Return a message of the wire as the suite compares it."""
    words: list[str] = []
    marks: set[str] = set()
    trees = [*message["blocks"], *message["footer"]]
    for field in message["fields"]:
        words.append(field["name"])
        trees += field["blocks"]
    for tree in trees:
        _walk(tree, words, marks)
        words.append("\n")
    controls: list[Control] = []
    for row in message["rows"]:
        if row["t"] == "select":
            values = tuple(choice["value"] for choice in row["choices"])
            controls.append(Control(row["placeholder"], row["token"], values=values))
        else:
            controls += [
                Control(button["label"], button["token"], button["disabled"])
                for button in row["buttons"]
                if "token" in button
            ]
    return Seen(
        id=str(message["id"]),
        private=message["private"],
        title=message["title"],
        text="".join(words).strip(),
        tone=message["tone"],
        marks=frozenset(marks),
        controls=tuple(controls),
        alts=tuple(image["alt"] for image in message["images"]),
    )


def _walk(node: dict[str, Any], words: list[str], marks: set[str]) -> None:
    marks.add(node["t"])
    words.append(node.get("v") or node.get("text") or ("\n" if node["t"] == "br" else ""))
    for child in [*node.get("c", []), *(child for item in node.get("items", []) for child in item)]:
        _walk(child, words, marks)
