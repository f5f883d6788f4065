"""The page that a platform shows by itself, such as Slack's Home tab: how I am doing, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.commands import Router
from bot.daily.answering import Waiting
from bot.events import Opening
from bot.features.daily_view import day_name
from bot.features.progress import summary
from bot.features.services import Services
from bot.markup import moment
from bot.message import Action, Button, Field, Message, Row, Style
from questions.taxonomy import Taxonomy

router = Router()
OPEN = 3
"""Open questions of the day that the page shows; few workspaces have more than one."""


@router.page("home")
async def home(event: Opening, services: Services) -> Message:
    """Show the progress of whoever opens the page, and the questions of the day that are open where they are."""
    workspace = event.channel.workspace
    progress = await services.profiles.progress(event.actor, workspace)
    waiting = await services.answering.waiting(event.actor, workspace, OPEN)
    taxonomy = services.bank.taxonomy
    shown = summary(progress, taxonomy)
    rows: list[Row] = [*shown.rows, (Button("Settings", Action("settings-edit")),)]
    if waiting:
        rows.insert(0, _buttons(waiting, taxonomy))
    return replace(shown, fields=(*(_field(one, taxonomy) for one in waiting), *shown.fields), rows=tuple(rows))


def _field(waiting: Waiting, taxonomy: Taxonomy) -> Field:
    daily, question = waiting.asked.daily, waiting.asked.question
    mine = "you have answered" if waiting.answered else "**you have not answered yet**"
    about = f"{taxonomy.by_code[question.topic].name} · {question.level}"
    return Field(f"Question of the day, {day_name(daily.day)}", f"{about} · closes {moment(daily.closes_at)} · {mine}")


def _buttons(waiting: Sequence[Waiting], taxonomy: Taxonomy) -> tuple[Button, ...]:
    """Return a way to each; where there are several, their topics tell them apart."""
    return tuple(
        Button(
            ("My answer" if one.answered else "Show the question")
            + (f": {taxonomy.by_code[one.asked.question.topic].name}" if len(waiting) > 1 else ""),
            Action("daily-mine", (str(one.asked.daily.id),)),
            Style.SECONDARY if one.answered else Style.PRIMARY,
        )
        for one in waiting
    )
