"""The app's manifest, from the declarations: what Slack is asked for and told, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

from adapters.slack.commands import slash_commands
from adapters.slack.events import SHORTCUT
from adapters.slack.permissions import EVENTS, OPTIONAL_SCOPES, SCOPES
from bot.commands import Command

EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"


def manifest(commands: Iterable[Command], *, url: str = "", prefix: str = "") -> dict[str, Any]:
    """Return the manifest: for HTTP under an address, for Socket Mode without one."""
    slashes = slash_commands(commands, prefix)
    events: dict[str, Any] = {"bot_events": sorted(EVENTS)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    oauth: dict[str, Any] = {"scopes": {"bot": list(SCOPES), "bot_optional": list(OPTIONAL_SCOPES)}}
    if url:
        address = url.rstrip("/") + EVENTS_PATH
        slashes = [{**slash, "url": address} for slash in slashes]
        events = {"request_url": address, **events}
        interactivity = {**interactivity, "request_url": address}
        oauth = {"redirect_urls": [url.rstrip("/") + REDIRECT_PATH], **oauth}
    return {
        "display_information": {
            "name": "Warmup",
            "description": "Deep-learning interview practice: one question at a time, graded and explained",
            "background_color": "#1b2a4a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Warmup", "always_online": True},
            "shortcuts": [
                {
                    "name": "Practise a question",
                    "type": "global",
                    "callback_id": SHORTCUT,
                    "description": "One private deep-learning interview question",
                }
            ],
            "slash_commands": slashes,
        },
        "oauth_config": oauth,
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def written(commands: Iterable[Command], *, url: str = "", prefix: str = "") -> str:
    """Return the manifest as YAML, the reason of each scope and event beside it."""
    lines = yaml.safe_dump(manifest(commands, url=url, prefix=prefix), sort_keys=False, width=1000).splitlines()
    reasons = {**SCOPES, **OPTIONAL_SCOPES, **EVENTS}
    told = [
        f"{line}  # {reasons[name]}" if (name := line.strip().removeprefix("- ")) in reasons else line for line in lines
    ]
    return "\n".join([*told, ""])
