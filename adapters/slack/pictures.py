"""Pictures for blocks: uploaded once, shown when Slack has made them ready; without them their words stand in."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from adapters.slack.api import SlackApi
from adapters.slack.failures import Refused
from bot.errors import PlatformError
from bot.message import Image

READY_PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds before Slack is asked again whether it has made a picture ready: it takes one to five."""
REMEMBERED = 500
NOT_READY = "invalid_blocks"
"""What Slack says of a message that shows a picture which is not ready."""

log = structlog.get_logger(__name__)
T = TypeVar("T")


class Pictures:
    """Uploads pictures; the same picture is uploaded to a workspace once."""

    def __init__(self, api: SlackApi, pauses: Sequence[float] = READY_PAUSES) -> None:
        self._api = api
        self._pauses = pauses
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def show(self, team: str, images: Sequence[Image], say: Callable[[Sequence[str]], Awaitable[T]]) -> T:
        """Say something with the ids of its pictures; with none of them where Slack will not show them."""
        files = [await self._file(team, image) for image in images]
        if not any(files):
            return await say(())
        for pause in self._pauses:
            try:
                return await say(files)
            except Refused as refused:
                if refused.code != NOT_READY:
                    raise
                await asyncio.sleep(pause)
        log.warning("pictures were not shown", workspace=team, count=len(files))
        return await say(())

    async def _file(self, team: str, image: Image) -> str:
        """Return the id of a picture, uploaded where it is not yet; empty where that fails."""
        key = (team, hashlib.sha256(image.data + image.alt.encode()).hexdigest())
        file = self._known.pop(key, "")
        try:
            file = file or await self._upload(team, image)
        except PlatformError as error:
            log.warning("a picture was not uploaded", workspace=team, error=str(error))
            return ""
        self._known[key] = file
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return file

    async def _upload(self, team: str, image: Image) -> str:
        begun = await self._api.call(
            team, "files.getUploadURLExternal", filename=image.name, length=len(image.data), alt_txt=image.alt
        )
        file = str(begun["file_id"])
        await self._api.upload(str(begun["upload_url"]), image.data)
        await self._api.call(team, "files.completeUploadExternal", files=[{"id": file, "title": image.name}])
        for pause in self._pauses:
            about = (await self._api.call(team, "files.info", file=file)).get("file") or {}
            if about.get("mimetype"):
                break
            await asyncio.sleep(pause)
        return file
