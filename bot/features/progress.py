"""``/progress``: how I am doing, and why I have these points."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import Answer, Option, Router
from bot.events import Invocation, Press
from bot.features.points_view import entry_line
from bot.features.services import Services
from bot.ledger import Entry
from bot.message import Action, Button, Choice, Field, Message, Style
from bot.options import whole_number
from bot.people.profile import Progress
from questions.taxonomy import Taxonomy

TOPICS_SHOWN = 12
DAYS_SHOWN = 7

router = Router()
_SHOW = Option(
    "show",
    "A summary, or why I have my points",
    (Choice("summary", "Summary"), Choice("points", "Points, with the reason of each")),
)


@router.command("progress", "How am I doing?", _SHOW)
async def progress(event: Invocation, services: Services, show: str = "summary") -> Message:
    """Show answers, accuracy by topic, streak and points; or the last rows of the ledger."""
    if show == "points":
        return _points(*await services.profiles.entries(event.actor, None))
    return summary(await services.profiles.progress(event.actor, event.channel.workspace), services.bank.taxonomy)


@router.press("points", Answer.PRIVATE)
async def points(event: Press, services: Services) -> Message:
    """Show the last rows of the ledger."""
    return _points(*await services.profiles.entries(event.actor, None))


@router.press("points-before", Answer.UPDATE)
async def older(event: Press, services: Services, before: str) -> Message:
    """Show older rows of the ledger."""
    return _points(*await services.profiles.entries(event.actor, whole_number(before)))


def summary(progress: Progress, taxonomy: Taxonomy) -> Message:
    """Return how a person is doing."""
    practise = Button("Practise", Action("next"), Style.PRIMARY)
    if not progress.topics:
        nothing = "Nothing answered yet. Press Practise for a first question, or type `/practice`."
        sealed = f"{_streak(progress)}\n\nYour answer to the question of the day is sealed until it closes."
        text = sealed if progress.best_streak else nothing
        return Message(title="Your progress", text=text, rows=((practise,),))
    answered = sum(record.answered for record in progress.topics)
    right = sum(record.right for record in progress.topics)
    return Message(
        title="Your progress",
        text=_streak(progress),
        fields=(
            Field("Answers", f"{answered}, of which {right} all right ({_share(right, answered)})"),
            Field("Points here", f"{progress.week} this week · {progress.month} this month · {progress.ever} in all"),
            Field("Practice points today", f"{progress.today} of at most {progress.daily_cap}"),
            Field("Accuracy by topic", _topics(progress, taxonomy)),
        ),
        rows=((practise, Button("Why these points?", Action("points"))),),
    )


def _streak(progress: Progress) -> str:
    return " ".join([_standing(progress), *_rescue(progress), *_freezes(progress.freezes)])


def _standing(progress: Progress) -> str:
    best = _days(progress.best_streak)
    if not progress.streak:
        return f"No streak at the moment; your best is {best}. One answer today starts a new one."
    kept = "Today is done." if progress.answered_today else "**One answer today keeps it.**"
    return f"Streak: **{_days(progress.streak)}**, best {best}. {kept}"


def _rescue(progress: Progress) -> list[str]:
    """Say which earlier days an answer still saves."""
    if not progress.open_days:
        return []
    days = ", ".join(f"{day.day} {day:%B}" for day in progress.open_days[-DAYS_SHOWN:])
    one = len(progress.open_days) == 1
    return [f"**{days} can still be saved:** {'its question is' if one else 'their questions are'} open."]


def _freezes(held: int) -> list[str]:
    if not held:
        return []
    rule = "a missed day uses one by itself; every seventh day earns one, two at most."
    return [f"{held} freeze{'' if held == 1 else 's'}: {rule}"]


def _topics(progress: Progress, taxonomy: Taxonomy) -> str:
    """List the topics answered most, weakest last, so that what to practise stands at the end."""
    most = sorted(progress.topics, key=lambda record: -record.answered)[:TOPICS_SHOWN]
    lines = [
        f"{taxonomy.by_code[record.topic].name}: {_share(record.score, record.answered * 1000)} of {record.answered}"
        for record in sorted(most, key=lambda record: -record.score / record.answered)
        if record.topic in taxonomy.by_code
    ]
    more = len(progress.topics) - len(most)
    return "\n".join([*lines, *([f"and {more} more"] if more else [])])


def _points(entries: Sequence[Entry], more: bool) -> Message:
    if not entries:
        return Message(
            title="Why these points?",
            text="No points yet. The first right answer to a question in a season pays; try `/practice`.",
        )
    lines = [entry_line(entry) for entry in entries]
    older = Button("Older", Action("points-before", (str(entries[-1].id),)))
    return Message(title="Why these points?", text="\n".join(lines), rows=((older,),) if more else ())


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "0 %"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
