"""A bot that keeps nothing and decides nothing: what Bolt itself takes to acknowledge and answer a press.

Run with the addresses and tokens in the environment, and the text of its one answer on standard input.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

READY = "ready"


async def main() -> None:
    """Answer until ended."""
    blocks = _card(sys.stdin.read())
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"], session=session)
        app = AsyncApp(client=client)

        async def answer(ack: Any, respond: Any) -> None:
            await ack()
            await respond(text="Bare", blocks=blocks, response_type="ephemeral", replace_original=False)

        async def update(ack: Any, respond: Any) -> None:
            await ack()
            await respond(text="Bare", blocks=blocks, response_type="ephemeral", replace_original=True)

        app.command(re.compile(".*"))(answer)
        app.action(re.compile(".*"))(update)
        handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
        await handler.connect_async()  # type: ignore[no-untyped-call]
        print(READY, flush=True)
        await asyncio.Event().wait()


def _card(text: str) -> list[dict[str, Any]]:
    sections = [
        {"type": "section", "text": {"type": "mrkdwn", "text": text[start : start + 3000]}}
        for start in range(0, len(text), 3000)
    ]
    labels = {"answer.1:1:A": "A", "report.1:1": "Report a problem"}
    buttons = [
        {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": label}}
        for action, label in labels.items()
    ]
    return [*sections, {"type": "actions", "elements": buttons}]


if __name__ == "__main__":
    asyncio.run(main())
