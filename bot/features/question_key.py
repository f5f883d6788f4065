"""How a question looks with its key and how it fares, for those who look after the questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.features.question_view import KINDS, letter, stem
from bot.features.result_view import common_mistake, marked_option, right_truth, slips_of, source_of, why_of
from bot.markup import escape, moment, visible
from bot.message import CHOICES, Action, Button, Choice, Field, Message, Row, Select, Style, Tone
from bot.practice.quality import REPORTS, Dossier, Measured
from questions.model import FreeText, Kind, Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse
from questions.statistics import LEAST, Sums

ROOM = 3400
"""Characters of text that leave room for title and footer."""
SHOWN_NOTE = 240
"""Characters of a note that are shown."""
SHOWN_REPORTS = 5
SHOWN_LINES = 10
"""Questions that a list names for one reason."""


def key_message(dossier: Dossier) -> Message:
    """Return a question with its key."""
    question = dossier.question
    parts = [_status(dossier), stem(question), *_key(question), why_of(question), source_of(question)]
    while sum(len(part) + 2 for part in parts) > ROOM:  # the key matters more than what stands behind it
        parts.pop()
    others = (
        Button("Statistics", Action("question-stats", (question.id,))),
        Button("Reports", Action("question-reports", (question.id,))),
    )
    return Message(
        title=question.id,
        text="\n\n".join(parts),
        rows=((*_rulings(dossier), *others),),
        footer=f"{KINDS[Kind(question.kind)]} · {_levels(dossier)} · `{question.id}`",
    )


def statistics_message(dossier: Dossier) -> Message:
    """Return what answers say of a question; nobody is named."""
    question, known = dossier.question, dossier.analysis
    show = Button("Show the question", Action("question-show", (question.id,)))
    rows: tuple[Row, ...] = ((show, Button("All that need a look", Action("question-stats"))),)
    title = f"Statistics of {question.id}"
    if known.difficulty is None:
        text = f"{_count(known.answers, 'first answer')} so far; from {LEAST} on, difficulty and discrimination show."
        return Message(title=title, text=text, rows=rows)
    fields = (
        Field("Level", _levels(dossier)),
        Field("Difficulty", f"{_number(known.difficulty)}, the mean score of {known.answers} first answers"),
        Field("Discrimination", f"{_number(known.discrimination)}{', low' if known.weak else ''}"),
    )
    text = "\n\n".join([*_flags(known.weak, known.dead, known.preferred), *_options(dossier)])
    footer = "Everybody's first answer, in all workspaces. Points go by the author's level."
    return Message(title=title, text=text, fields=fields, rows=rows, footer=footer)


def look_message(reported: Mapping[str, int], measured: Sequence[Measured]) -> Message:
    """Return the questions that somebody should look at, each group the worst first."""
    weak = sorted((one for one in measured if one.analysis.weak), key=lambda one: one.analysis.discrimination or 0)
    groups = {
        "Reported here": {name: _count(count, "report") for name, count in reported.items()},
        "Is the key right? Better people choose another": _lettered(
            {one.question.id: one.analysis.preferred for one in measured}
        ),
        "Hardly tells better people from others": {
            one.question.id: f"discrimination {_number(one.analysis.discrimination)}" for one in weak
        },
        "Options that hardly anybody chooses": _lettered({one.question.id: one.analysis.dead for one in measured}),
    }
    text = "\n\n".join(f"**{name}**\n{_lines(group)}" for name, group in groups.items() if group)
    return Message(
        title="Questions that need a look",
        text=text or "None at the moment.",
        rows=_pick("question-stats", list(dict.fromkeys(name for group in groups.values() for name in group))),
        footer=f"{_count(len(measured), 'question')} with {LEAST} first answers or more",
    )


def reported_message(reported: Mapping[str, int]) -> Message:
    """Return the questions that people of this workspace reported."""
    notes = {
        name: _count(count, "report") + (", not drawn here" if count >= REPORTS else "")
        for name, count in reported.items()
    }
    text = _lines(notes) if notes else "No report is open here."
    return Message(title="Open reports", text=text, rows=_pick("question-reports", list(notes)))


def reports_message(dossier: Dossier, reasons: Mapping[str, str], told: str = "") -> Message:
    """Return the open reports of a question, to be ruled on; ``told`` says what was done just now."""
    shown = [
        f"**{reasons.get(report.reason, escape(report.reason))}** · {moment(report.at)}{_note(report.note)}"
        for report in dossier.reports[:SHOWN_REPORTS]
    ]
    more = len(dossier.reports) - len(shown)
    parts = [told, _status(dossier), *(shown or ["No report is open."]), f"and {more} more" if more > 0 else ""]
    others = (
        Button("Show the question", Action("question-show", (dossier.question.id,))),
        Button("All reports", Action("question-reports")),
    )
    return Message(
        title=f"Reports of {dossier.question.id}",
        text="\n\n".join(filter(None, parts)),
        tone=Tone.GOOD if told else Tone.PLAIN,
        rows=((*_rulings(dossier), *others),),
    )


def _status(dossier: Dossier) -> str:
    """Return whether it is drawn here, and by whose doing."""
    ruling = dossier.ruling
    if ruling is not None and ruling.out:
        return f"**Taken out** here by {escape(ruling.by)} · {moment(ruling.at)}"
    if not dossier.drawn:
        return f"**Not drawn here:** {_count(len(dossier.reports), 'open report')}. A ruling decides."
    kept = f" Kept by {escape(ruling.by)} · {moment(ruling.at)}" if ruling else ""
    return f"**Drawn here**, {_count(len(dossier.reports), 'open report')}.{kept}"


def _rulings(dossier: Dossier) -> tuple[Button, ...]:
    """Return what a moderator can decide now."""
    args = (dossier.question.id, dossier.revision)
    keep, out = Action("question-keep", args), Action("question-out", args)
    if dossier.ruled_out:
        return (Button("Bring it back", keep, Style.PRIMARY),)
    take = Button("Take it out", out, Style.DANGER)
    return (Button("Keep it", keep, Style.PRIMARY), take) if dossier.reports else (take,)


def _levels(dossier: Dossier) -> str:
    known = dossier.analysis
    measured = f", {known.level} by {known.answers} answers" if known.level else ""
    return f"{dossier.question.level} by its author{measured}"


def _key(question: Question) -> list[str]:
    match question:
        case OneBest() | SelectAll():
            return ["\n".join(marked_option(question, place, place) for place in range(len(question.options)))]
        case TrueFalse():
            return [right_truth(question), question.why]
        case Numeric():
            slips = slips_of(question)
            unit = f" {question.unit}" if question.unit else ""
            within = f"**The right answer is {question.value}{unit}**, within {question.tolerance}"
            return [within, *([slips] if slips else [])]
        case Ordered():
            steps = "\n".join(f"**{letter(place)}.** {step}" for place, step in enumerate(question.steps))
            return [steps, common_mistake(question)]
        case FreeText():
            points = "\n".join(f"**{letter(at)}.** {point.text}" for at, point in enumerate(question.points))
            flags = "\n".join(f"- {flag}" for flag in question.red_flags)
            return [points, f"**Model answer:** {question.model_answer}", f"**Red flags:**\n\n{flags}"]


def _options(dossier: Dossier) -> list[str]:
    """Return each option with who chose it."""
    question, answers = dossier.question, dossier.analysis.answers
    if not isinstance(question, OneBest | SelectAll):
        return []
    lines = []
    for place, option in enumerate(question.options):
        chosen = dossier.tally.get(place, Sums())
        able = f", by people with {round(chosen.ability / chosen.answers / 10)} % right" if chosen.answers else ""
        share = f"{round(100 * chosen.answers / answers)} %{able}"
        lines.append(f"{'✓' if option.right else '✗'} **{letter(place)}.** {option.text}\nchosen by {share}")
    return ["\n".join(lines)]


def _flags(weak: bool, dead: Sequence[int], preferred: Sequence[int]) -> list[str]:
    return [
        *([f"**Is the key right?** Better people choose {_letters(preferred)}."] if preferred else []),
        *(["**It hardly tells better people from others.**"] if weak else []),
        *([f"**Hardly anybody chooses {_letters(dead)}.** A better misconception is wanted."] if dead else []),
    ]


def _lettered(flagged: Mapping[str, Sequence[int]]) -> dict[str, str]:
    """Return the questions that have options with a flag, and which."""
    return {name: _letters(places) for name, places in flagged.items() if places}


def _lines(notes: Mapping[str, str]) -> str:
    lines = [f"`{name}` · {note}" for name, note in list(notes.items())[:SHOWN_LINES]]
    more = len(notes) - len(lines)
    return "\n".join([*lines, *([f"and {more} more"] if more else [])])


def _pick(control: str, names: Sequence[str]) -> tuple[Row, ...]:
    if not names:
        return ()
    return (Select(Action(control), tuple(Choice(name, name) for name in names[:CHOICES]), "Look at one"),)


def _note(note: str) -> str:
    typed = visible(note)
    return f"\n{escape(typed if len(typed) <= SHOWN_NOTE else typed[: SHOWN_NOTE - 1] + '…')}" if typed else ""


def _letters(places: Sequence[int]) -> str:
    return ", ".join(letter(place) for place in places)


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}".replace("-", "−")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
