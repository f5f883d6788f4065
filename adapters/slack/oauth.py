"""Installing Warmup from a web page, for many workspaces: Bolt's flow on our own stores."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import structlog
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.slack.api import SlackApi
from adapters.slack.installations import STATE_SECONDS
from adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from adapters.slack.permissions import SCOPES

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Warmup</title>
<style>body{{font:18px/1.5 system-ui,sans-serif;max-width:34em;margin:15vh auto;padding:0 1em}}</style>
<h1>{title}</h1><p>{text}</p>{link}</html>"""
_WHY = {
    "access_denied": "The installation was cancelled on Slack's page.",
    "invalid_state": "This page is older than ten minutes, or was opened in another browser than the installation.",
    "invalid_browser": "This page was opened in another browser than the installation.",
}
_AGAIN = f'<p><a href="{INSTALL_PATH}">Start again</a></p>'
OTHERWISE = "Slack did not complete the installation."

log = structlog.get_logger(__name__)

Installed = Callable[[str, str], Awaitable[None]]
"""Told the ids of a workspace that installed Warmup, and of the person who did so."""


def oauth_flow(
    api: SlackApi,
    *,
    client_id: str,
    client_secret: str,
    installations: AsyncInstallationStore,
    states: AsyncOAuthStateStore,
    authorize_url: str,
    installed: Installed,
    prefix: str = "",
) -> AsyncOAuthFlow:
    """Return the flow: the page that leads to Slack, and the one to which Slack leads back."""

    async def success(args: AsyncSuccessArgs) -> BoltResponse:
        team = str(args.installation.team_id or "")
        log.info("installed in a workspace", workspace=team)
        await installed(team, str(args.installation.user_id or ""))
        return _page("Warmup is installed", f"Go back to Slack and type <code>/{prefix}practice</code>.", 200)

    async def failure(args: AsyncFailureArgs) -> BoltResponse:
        kind = type(args.error).__name__ if args.error else ""
        log.warning("not installed", reason=args.reason[:40], kind=kind)
        return _page("Warmup is not installed", _WHY.get(args.reason, OTHERWISE), args.suggested_status_code, _AGAIN)

    settings = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=list(SCOPES),
        installation_store=installations,
        installation_store_bot_only=True,
        state_store=states,
        state_expiration_seconds=STATE_SECONDS,
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        install_page_rendering_enabled=False,
        authorization_url=authorize_url,
        callback_options=AsyncCallbackOptions(success=success, failure=failure),
        logger=logging.getLogger("slack_bolt"),
    )
    return AsyncOAuthFlow(client=api.client(), logger=logging.getLogger("slack_bolt"), settings=settings)


def unfinished() -> BoltResponse:
    """Return the page for an installation that broke off."""
    return _page("Warmup is not installed", OTHERWISE, 503, _AGAIN)


def _page(title: str, text: str, status: int, link: str = "") -> BoltResponse:
    return BoltResponse(
        status=status,
        body=_PAGE.format(title=title, text=text, link=link),
        headers={"content-type": ["text/html; charset=utf-8"]},
    )
