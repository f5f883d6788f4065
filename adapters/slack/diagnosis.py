"""Say whether tokens and their app are fit to run Warmup."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.credentials import Credentials
from adapters.slack.failures import Lost, Refused, translated
from adapters.slack.installations import read_keys
from adapters.slack.permissions import missing
from bot.errors import ConfigError, Forbidden, Gone, PlatformError

_FORMS = {
    "SLACK_BOT_TOKEN": (re.compile(r"xoxb-[A-Za-z0-9-]{10,}"), "xoxb-", "OAuth & Permissions"),
    "SLACK_APP_TOKEN": (re.compile(r"xapp-[A-Za-z0-9-]{10,}"), "xapp-", "Basic Information, App-Level Tokens"),
}


@dataclass(frozen=True, slots=True)
class OneTeam:
    """What Slack says of a bot's token."""

    team: str
    name: str
    scopes: tuple[str, ...]


def check_forms(credentials: Credentials) -> list[str]:
    """Return a fault for each token and key that is there and cannot be one."""
    given = {"SLACK_BOT_TOKEN": credentials.bot_token, "SLACK_APP_TOKEN": credentials.app_token}
    faults = [
        f"{name}: it begins with {start}; copy it again from the app's page, {place}"
        for name, (form, start, place) in _FORMS.items()
        if given[name] and not form.fullmatch(given[name])
    ]
    try:
        if credentials.encryption_key:
            read_keys(credentials.encryption_key)
    except ConfigError as error:
        faults += error.faults
    return faults


def way_of(credentials: Credentials) -> str:
    """Return in words how Slack is listened to."""
    if credentials.socket:
        return "one workspace, over a socket"
    return "many workspaces, over HTTP" if credentials.many else "one workspace, over HTTP"


async def ask_bot(client: AsyncWebClient) -> OneTeam:
    """Return what Slack says of the bot's token.

    Raises ConfigError when Slack refuses it, Unreachable when Slack does not answer.
    """
    try:
        with translated():
            said = await client.auth_test()
    except (Lost, Refused, Forbidden, Gone) as error:
        mend = "install the app again and copy the token from OAuth & Permissions"
        raise ConfigError([f"SLACK_BOT_TOKEN: {_lower(error)}; {mend}"]) from None
    scopes = said.headers.get("x-oauth-scopes", "")
    return OneTeam(
        str(said.get("team_id", "")), str(said.get("team", "")), tuple(filter(None, re.split(r"[, ]+", scopes)))
    )


async def ask_app(client: AsyncWebClient, app_token: str) -> None:
    """See that Slack would open a socket.

    Raises ConfigError when Slack refuses the token, Unreachable when Slack does not answer.
    """
    try:
        with translated():
            await client.apps_connections_open(app_token=app_token)
    except (Lost, Refused, Forbidden, Gone) as error:
        mend = "see that Socket Mode is on, and make a token with connections:write under Basic Information"
        raise ConfigError([f"SLACK_APP_TOKEN: {_lower(error)}; {mend}"]) from None


async def diagnose(credentials: Credentials, url: str) -> tuple[str, list[str]]:
    """Return a line on the connection, and a line for each fault that Slack can tell of.

    Raises ConfigError when Slack refuses a token or cannot be reached.
    """
    try:
        about = await ask_bot(AsyncWebClient(credentials.bot_token, base_url=url, retry_handlers=[]))
        faults = [
            f"SLACK_BOT_TOKEN: the scope {scope} was not granted; put the manifest into the app and install it again"
            for scope in missing(about.scopes)
        ]
        if credentials.socket:
            await ask_app(AsyncWebClient(base_url=url, retry_handlers=[]), credentials.app_token)
    except PlatformError as error:
        raise ConfigError([f"Slack cannot be reached ({error}); look at the network and SLACK_API_URL"]) from None
    return f"slack      {way_of(credentials)}: {about.name} ({about.team})", faults


def _lower(error: Exception) -> str:
    words = str(error)
    return words[:1].lower() + words[1:] if not words.startswith("Slack") else words
