"""How results of a live round look: of a question when it has closed, of the round, and of one person's answers."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.names import named, points_text, short_name
from bot.features.question_view import formula, letter, pictures
from bot.features.quiz_standings import standings_text
from bot.features.result_view import source_of, why_of
from bot.features.reveal_view import fitting, key_of, spread
from bot.markup import escape, plain
from bot.message import FIELD_VALUE, TEXT, TOTAL, Action, Button, Field, Image, Message, Style, Tone
from bot.pictures import Bar, podium_alt, spread_alt, spread_lines
from bot.pictures import Place as PodiumPlace
from bot.practice.filters import Misses, write_filter
from bot.quiz.asked import Asked, GradedAnswer
from bot.quiz.results import Mine, Own, Scene
from bot.quiz.scoring import Place, standings
from bot.rounds import Ending, Mode, Round, RoundPlayer
from questions.model import Numeric, OneBest, Question, SelectAll, TrueFalse

WINNERS = 8
"""People who were right that a result names."""
EVERYBODY = 20
"""People whose score the end names."""
PODIUM = 3
STEM, SAID = 80, 40
"""Characters of a question and of an answer to it that a list shows."""
_WHY = {
    Ending.STOPPED: "It was stopped. The question that was open counts for nobody; those before it count.",
    Ending.IDLE: "Nobody answered three questions in a row, so it stops here.",
    Ending.AWAY: "I was away for more than ten minutes, so it ends here. Questions that had closed count.",
    Ending.SHORT: "No question that fits is left, so it ends here.",
}


def bars_of(scene: Scene, asked: Asked) -> tuple[Bar, ...]:
    """Return how the answers to a question were spread."""
    return spread(asked.question, asked.ask.order, [answer.graded for answer in scene.answers])


def answer_message(scene: Scene, asked: Asked, picture: bytes | None) -> Message:
    """Return the result that follows a question; ``picture`` shows the spread, which the text says too."""
    question, bars = asked.question, bars_of(scene, asked)
    images = pictures(question.worked)
    if picture is not None and scene.answers:
        images = (*images, Image(picture, spread_alt(bars), "spread.png"))
    title = f"The answer to question {asked.ask.number} of {asked.round.terms.questions}"
    fields, footer = _fields(scene, bars), _next(asked)
    room = TOTAL - len(title) - len(footer) - sum(len(field.name) + len(field.value) for field in fields)
    return Message(
        title=title,
        text=fitting(_answer(asked), room),
        tone=Tone.GOOD,
        fields=fields,
        images=images,
        footer=footer,
    )


def withdrawn_message(of: Round) -> Message:
    """Return what follows a question that the bank changed while it was open."""
    return Message(
        title=f"Question {of.number} of {of.terms.questions} was withdrawn",
        text="It was changed or taken out of the bank while it was open, so that nobody can say what was right. It "
        "counts for nobody.",
    )


def podium_of(players: Sequence[RoundPlayer]) -> tuple[PodiumPlace, ...]:
    """Return the best places as their picture shows them."""
    return tuple(PodiumPlace(one.rank, one.names, one.score) for one in standings(players)[:PODIUM])


def end_message(of: Round, players: Sequence[RoundPlayer], closed: int, picture: bytes | None = None) -> Message:
    """Return the end of a round: who won, everybody's score, and what was paid; ``closed`` questions count.

    ``picture`` shows the podium, which the text says too.
    """
    places = standings(players)
    podium, rest = places[:PODIUM], places[PODIUM:]
    parts = [_WHY.get(of.ending or Ending.PLAYED, ""), standings_text(podium, PODIUM * 2), _nobody(places, players)]
    fields = [Field("And then", standings_text(rest, EVERYBODY - PODIUM)[:FIELD_VALUE])] if rest else []
    hidden = sum(1 for one in players if one.hidden)
    without = [one for one in players if not one.score and not one.hidden and one.team is None]
    if without and places:
        fields.append(Field("Also played", named(without)))
    if hidden:
        fields.append(Field("Not named", f"{hidden}, who hide from boards"))
    if players:
        fields.append(Field("Points on the boards", _paid(of, players)))
    mine = Button("My answers", Action("quiz-mine", (str(of.id),)), Style.PRIMARY)
    return Message(
        title="The round is over",
        text="\n\n".join(filter(None, parts)),
        tone=Tone.GOOD if places else Tone.PLAIN,
        fields=tuple(fields),
        rows=((mine,),) if closed else (),
        images=(Image(picture, podium_alt(podium_of(players)), "podium.png"),) if picture and places else (),
        footer=f"{closed} of {of.terms.questions} questions were played · `/quiz start` starts another",
    )


def mine_message(mine: Mine) -> Message:
    """Return one person's list of what they answered, with a way to practise what they missed."""
    right = len(mine.own) - mine.missed
    earned = sum(one.answer.answer.points for one in mine.own if one.answer)
    lines = [_own(one) for one in mine.own]
    practise = Button("Practise my misses", Action("next", (write_filter(Misses(mine.round.id)),)), Style.PRIMARY)
    return Message(
        title=f"Your round: {right} of {len(mine.own)} right, {points_text(earned)}",
        text="\n".join(lines)[:TEXT] or "No question of this round has closed.",
        tone=Tone.GOOD if right else Tone.PLAIN,
        rows=((practise,),) if mine.missed else (),
        footer="Only you see this",
    )


def _answer(asked: Asked) -> list[tuple[int, str]]:
    """Return what is right and why, each part with how easily it is spared."""
    question = asked.question
    worked = [(3, formula(question.worked))] if formula(question.worked) else []
    return [*key_of(question, asked.ask.order)[:1], (1, why_of(question)), *worked, (2, source_of(question))]


def _fields(scene: Scene, bars: Sequence[Bar]) -> tuple[Field, ...]:
    places = standings_text(standings(scene.players)) or "Nobody has points yet."
    if not scene.answers:
        return Field("Answers", "Nobody answered."), Field("Standings so far", places)
    right = [answer for answer in scene.answers if answer.right]
    share = round(100 * len(right) / len(scene.answers))
    return (
        Field("How it was answered", spread_lines(bars)[:FIELD_VALUE]),
        Field(f"Right: {len(right)} of {len(scene.answers)} ({share} %)", _right(right)),
        Field("Standings so far", places),
    )


def _right(right: Sequence[GradedAnswer]) -> str:
    """Return who was right, first first, with what it earned; those who hide are only counted."""
    shown = [one for one in right if not one.answer.hidden][:WINNERS]
    lines = []
    for one in shown:
        earned = f" +{one.answer.points}" if one.answer.points else ""
        lines.append(f"{short_name(one.answer.name)}{earned}{' (first)' if one is right[0] else ''}")
    more = len(right) - len(shown)
    if not right:
        return "Nobody this time."
    return ", ".join([*lines, *([f"{more} more" if lines else f"{more}, not named"] if more else [])])


def _next(asked: Asked) -> str:
    of = asked.round
    last = asked.ask.number >= of.terms.questions
    after = "The final standings come in a moment" if last else "The next question comes in a moment"
    return f"{after}{'' if of.paying else ' · points count once two people have answered'} · `{asked.question.id}`"


def _nobody(places: Sequence[Place], players: Sequence[RoundPlayer]) -> str:
    if places:
        return ""
    return "Nobody who is named has points this time." if any(one.hidden for one in players) else "Nobody has points."


def _paid(of: Round, players: Sequence[RoundPlayer]) -> str:
    """Return what the round pays beyond itself, and why not more."""
    if not of.paying:
        return "None: a round pays once two people have answered something."
    paid, scored = sum(one.paid for one in players), sum(one.score for one in players)
    less = " A question pays its points once a season." if paid < scored else ""
    first = " Only whoever was right first is paid." if of.terms.mode is Mode.FIRST else ""
    return f"{points_text(paid)} in all, to everybody who earned some.{first}{less}"


def _own(one: Own) -> str:
    question, number = one.asked.question, one.asked.ask.number
    asked = plain(question.stem).replace("\n", " ")
    stem = escape(asked if len(asked) <= STEM else f"{asked[: STEM - 1].rstrip()}…")
    truth = f"right: {_key(question, one.asked)}"
    if one.answer is None:
        return f"✗ **{number}.** {stem}\nno answer · {truth}"
    said = _said(one.asked, one.answer)
    mark, rest = ("✓", "") if one.answer.right else ("✗", f" · {truth}")
    return f"{mark} **{number}.** {stem}\nyou: {said}{rest} · {points_text(one.answer.answer.points)}"


def _said(asked: Asked, answer: GradedAnswer) -> str:
    match asked.question:
        case OneBest() | SelectAll():
            return ", ".join(sorted(letter(asked.ask.order.index(item)) for item in answer.graded.chosen))
        case TrueFalse():
            return "True" if answer.graded.response == "T" else "False"
        case _:
            typed = answer.graded.response
            return escape(typed if len(typed) <= SAID else f"{typed[: SAID - 1]}…")


def _key(question: Question, asked: Asked) -> str:
    match question:
        case OneBest() | SelectAll():
            right = [item for item, option in enumerate(question.options) if option.right]
            return ", ".join(sorted(letter(asked.ask.order.index(item)) for item in right))
        case TrueFalse():
            return str(question.answer)
        case Numeric():
            return escape(question.value)
        case _:
            return ""
