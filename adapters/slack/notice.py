"""Whom a post notifies: a user group that stands in front of it, and in it nobody else."""

from __future__ import annotations

from slack_sdk.models import blocks as kit

from adapters.slack.render import Json


def notifying(content: Json, group: str) -> Json:
    """Return what a post says with a user group in front, where there is one; Slack notifies its members."""
    if not group:
        return content
    mention = f"<!subteam^{group}>"
    first, *rest = content["blocks"]
    # The first block's id says what the message is, and goes on doing so.
    notice = kit.SectionBlock(text=kit.MarkdownTextObject(text=mention, verbatim=True), block_id=first["block_id"])
    unnamed = {name: value for name, value in first.items() if name != "block_id"}
    return {"text": f"{mention} {content['text']}", "blocks": [notice.to_dict(), unnamed, *rest]}
