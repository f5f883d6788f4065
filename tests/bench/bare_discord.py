"""A bot that keeps nothing and decides nothing: what discord.py itself takes to answer a press.

Run with the addresses and the token in the environment, and the text of its one answer on standard input.
"""

from __future__ import annotations

import asyncio
import os
import sys

import discord
import yarl
from discord import ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

READY = "ready"


class Bare(discord.AutoShardedClient):
    """Answers commands and presses with the same card."""

    def __init__(self, text: str) -> None:
        nobody = discord.AllowedMentions.none()
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None, allowed_mentions=nobody)
        self._text = text

    async def on_ready(self) -> None:
        print(READY, flush=True)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.edit_message(view=_card(self._text))
        else:
            await interaction.response.send_message(view=_card(self._text), ephemeral=True)


def _card(text: str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    row: ui.ActionRow[ui.LayoutView] = ui.ActionRow(
        ui.Button(label="A", custom_id="answer.1:1:A"), ui.Button(label="Report a problem", custom_id="report.1:1")
    )
    view.add_item(ui.Container(ui.TextDisplay(text), row, ui.TextDisplay("-# small print")))
    view.stop()
    return view


async def main() -> None:
    """Answer until ended."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    await Bare(sys.stdin.read()).start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
