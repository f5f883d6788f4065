"""Reporting a problem with a question: the form, what was sent, and what its sender is told."""

from __future__ import annotations

from bot.errors import BadInput
from bot.events import Submission
from bot.message import Action, Choice, ChoiceInput, Message, Modal, TextInput, Tone

LONGEST_NOTE = 1000
REASONS = (
    Choice("key", "The marked answer is wrong"),
    Choice("ambiguous", "More than one answer fits"),
    Choice("explanation", "The explanation is wrong"),
    Choice("grading", "My answer was graded wrongly"),
    Choice("wording", "Typo or display problem"),
    Choice("other", "Something else"),
)


def report_form(action: Action) -> Modal:
    """Return the form in which a problem is reported."""
    reason = ChoiceInput("reason", "What is wrong?", REASONS)
    note = TextInput("note", "What should it say? (optional)", required=False, multiline=True, most=LONGEST_NOTE)
    return Modal("Report a problem", action, (reason, note))


def read_report(event: Submission) -> tuple[str, str]:
    """Return the reason that was chosen, and the note.

    Raises BadInput where there is no reason.
    """
    reason = event.inputs.get("reason", "")
    if reason not in {choice.value for choice in REASONS}:
        raise BadInput("A report needs a reason.", "Press Report a problem again and choose one.")
    return reason, event.inputs.get("note", "")[:LONGEST_NOTE].strip()


def report_told(*, new: bool) -> Message:
    """Return what somebody is told who reported a problem."""
    if not new:
        return Message(text="You have reported this question already; your first report is kept.")
    return Message(text="Thank you. Your report is kept for whoever looks after the questions.", tone=Tone.GOOD)
