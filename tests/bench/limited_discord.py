"""A Discord that only takes posts, fifty requests a second; a process of its own, so that it is not measured.

Prints its port, and for each line that it is sent what it saw so far, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections import deque
from typing import Any

from aiohttp import web

A_SECOND = 50
ME = {"id": "1", "username": "Warmup", "discriminator": "0000", "avatar": None, "bot": True, "global_name": None}
APPLICATION: dict[str, Any] = {
    "id": "1", "name": "Warmup", "icon": None, "description": "", "summary": "", "verify_key": "", "flags": 0,
    "bot_public": True, "bot_require_code_grant": False, "owner": ME, "rpc_origins": [], "hook": True, "team": None,
}  # fmt: skip


class Limited:
    """Counts requests, and refuses those beyond the limit of any second."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque()
        self.posts: dict[str, list[float]] = {}
        self.refused = 0

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one request."""
        now = asyncio.get_running_loop().time()
        while self._recent and now - self._recent[0] >= 1:
            self._recent.popleft()
        if len(self._recent) >= A_SECOND:
            self.refused += 1
            wait = 1 - (now - self._recent[0])
            headers = {"Retry-After": "1", "Via": "1.1 google", "X-RateLimit-Global": "true"}
            return _json({"message": "You are being rate limited.", "retry_after": wait, "global": True}, 429, headers)
        self._recent.append(now)
        if request.path.endswith("/users/@me"):
            return _json(ME)
        if request.path.endswith("/oauth2/applications/@me"):
            return _json(APPLICATION)
        if not request.path.endswith("/messages"):
            return _json([])
        channel = request.path.split("/")[-2]
        self.posts.setdefault(channel, []).append(now)
        return _json(_message(channel, sum(map(len, self.posts.values()))))

    def seen(self) -> dict[str, Any]:
        """Return what was seen."""
        times = [at for posts in self.posts.values() for at in posts]
        return {
            "posts": len(times),
            "channels": len(self.posts),
            "refused": self.refused,
            "first": min(times, default=0),
            "last": max(times, default=0),
            "now": asyncio.get_running_loop().time(),
        }


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py reads JSON only where the type says exactly this, without a character set.
    text = json.dumps(body).encode()
    return web.Response(body=text, status=status, headers={"Content-Type": "application/json", **(headers or {})})


def _message(channel: str, number: int) -> dict[str, Any]:
    return {
        "id": str(10**18 + number), "channel_id": channel, "author": ME, "content": "", "type": 0, "tts": False,
        "timestamp": "2026-11-28T00:00:00+00:00", "edited_timestamp": None, "mention_everyone": False, "mentions": [],
        "mention_roles": [], "attachments": [], "embeds": [], "pinned": False, "flags": 1 << 15, "components": [],
    }  # fmt: skip


async def main() -> None:
    """Serve until the input ends."""
    limited, app = Limited(), web.Application(client_max_size=2**22)
    app.router.add_route("*", "/{rest:.*}", limited.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    loop, lines = asyncio.get_running_loop(), asyncio.Queue[str]()

    def listen() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, "")

    threading.Thread(target=listen, daemon=True).start()
    while await lines.get():
        print(json.dumps(limited.seen()), flush=True)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
