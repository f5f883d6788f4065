"""``/weekly``: for moderators, whether a channel gets a summary of each week."""

from __future__ import annotations

from bot.commands import Answer, Option, Router, Where
from bot.daily.reading import read_time
from bot.events import Invocation, Press
from bot.features.services import Services
from bot.features.weekly_view import wish_message
from bot.message import Message
from bot.options import YES_OR_NO
from bot.refs import Role

router = Router()
_POST = Option("post", "Post a summary here every Monday", YES_OR_NO)
_TIME = Option("time", "Time of day, such as 09:00", read=lambda typed: f"{read_time(typed):%H:%M}")


@router.command(
    "weekly", "A summary of each week for this channel", _POST, _TIME, requires=Role.MODERATOR, where=Where.WORKSPACE
)
async def weekly(event: Invocation, services: Services, post: str = "", time: str = "") -> Message:
    """Begin or end the summary of a channel; without a wish show whether it has one."""
    if post == "no":
        return wish_message(await services.weekly.end(event.channel), "**Stopped.**")
    if post or time:
        at = read_time(time) if time else None
        return wish_message(await services.weekly.begin(event.actor, event.channel, at), "**Set up.**")
    return wish_message(await services.weekly.wish(event.channel))


@router.press("weekly-begin", Answer.UPDATE, requires=Role.MODERATOR)
async def begin(event: Press, services: Services) -> Message:
    """Post summaries in this channel."""
    return wish_message(await services.weekly.begin(event.actor, event.channel, None), "**Set up.**")


@router.press("weekly-end", Answer.UPDATE, requires=Role.MODERATOR)
async def end(event: Press, services: Services) -> Message:
    """Post no more summaries in this channel."""
    return wish_message(await services.weekly.end(event.channel), "**Stopped.**")
