"""Post once from a process of its own: ``python -m tests.e2e.posting WORKSPACE CHANNEL KEY``, with Warmup's settings.

Nothing that Warmup does on Slack by now posts unasked, so this stands in for what will: its settings, its storage and
its adapter, in a process that a test can kill.
"""

from __future__ import annotations

import asyncio
import sys

from adapters.slack.app import SlackApp, Stores
from bot.config import load_settings
from bot.connections import slack_credentials
from bot.errors import PlatformError
from bot.features.help import greeting
from bot.logs import set_up_logging
from bot.refs import ChannelRef, WorkspaceRef
from bot.wiring import build


async def main(workspace: str, channel: str, key: str) -> None:
    """Post, and print the message's id or what kept it from being made."""
    settings = load_settings()
    set_up_logging(settings.log_level, settings.log_format)
    async with build(settings) as warmup:
        begun = asyncio.Event()
        app = SlackApp(
            warmup.dispatcher,
            slack_credentials(settings),
            Stores(warmup.presence, warmup.posts, warmup.installations, warmup.oauth_states),
            once=warmup.claims.take,
            clock=warmup.clock,
            url=settings.slack_api_url + "/",
        )
        app.start(lambda _: begun.set(), port=None, ready=_well)
        await begun.wait()
        print("connected", flush=True)
        try:
            sent = await app.platform.send(ChannelRef(WorkspaceRef("slack", workspace), channel), greeting(), key)
            print(sent.id, flush=True)
        except PlatformError as error:
            print(f"{type(error).__name__}: {error}", flush=True)
        await app.stop(1)


async def _well() -> dict[str, bool]:
    return {}


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
