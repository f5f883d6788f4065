"""A person's browser while they install the app: from the app's page to Slack's, and back."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie

import aiohttp
from yarl import URL

from tests.support.slack.state import User

AUTHORIZE = "/oauth/v2/authorize"
_LINK = re.compile(rf'href="([^"]*{AUTHORIZE}[^"]*)"')


@dataclass(frozen=True, slots=True)
class Page:
    """The page that the person ends on."""

    status: int
    text: str
    url: str


class Browser:
    """One visit, with the cookies of that visit.

    Whatever host an address names, Slack's authorize page is the loopback's and everything else the app's, for the app
    may know itself by a public name.
    """

    def __init__(self, session: aiohttp.ClientSession, slack: str, app: str, *, keeps_cookies: bool) -> None:
        self._session = session
        self._slack, self._app = URL(slack), URL(app).origin()
        self._keeps = keeps_cookies
        self._cookies: dict[str, str] = {}

    async def install(self, user: User, url: str, *, deny: bool) -> Page:
        """Follow the app's link, press Allow (or Cancel) and follow Slack's."""
        first, location = await self._visit(URL(url))
        if location is None:
            found = _LINK.search(first.text)
            if found is None:
                return first
            location = html.unescape(found[1])
        pressed = {"X-Person": user.id, "X-Press": "Cancel" if deny else "Allow"}
        page, location = await self._visit(self._at(location), pressed)
        while location is not None:
            page, location = await self._visit(self._at(location))
        return page

    def _at(self, location: str) -> URL:
        url = URL(location)
        host = self._slack if url.path == AUTHORIZE else self._app
        return host.with_path(url.path, encoded=True).with_query(url.query)

    async def _visit(self, url: URL, headers: dict[str, str] | None = None) -> tuple[Page, str | None]:
        sent = dict(headers or {})
        if self._keeps and self._cookies and url.origin() == self._app:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        async with self._session.get(url, headers=sent, allow_redirects=False) as answer:
            for line in answer.headers.getall("Set-Cookie", []):
                self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
            page = Page(answer.status, await answer.text(), str(url))
            return page, answer.headers.get("Location") if 300 <= answer.status < 400 else None
