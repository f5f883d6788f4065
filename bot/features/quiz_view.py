"""How a live round looks while it goes on: its lobby, its questions, and what one person is told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.names import counted, short_name
from bot.features.question_view import Controls, ask, chosen_of, controls_of, options_of, pictures, stem
from bot.features.quiz_standings import standings_text
from bot.markup import moment
from bot.message import Action, Button, Field, Message, Row, Style, Tone
from bot.practice.points import VALUE, worth
from bot.quiz.answering import Taken
from bot.quiz.asked import Asked
from bot.quiz.hosting import Joined, Standing, Started
from bot.quiz.results import Scene
from bot.quiz.scoring import standings
from bot.rounds import AskState, Ending, Mode, Round, RoundPlayer, RoundState, Terms
from questions.taxonomy import Taxonomy

_CONTROLS = Controls(answer="quiz-answer", choose="quiz-choose", form="quiz-form", place="", submit="")
_UNPLAYED = {
    Ending.NOBODY: "Nobody joined, so it did not begin. Start another with `/quiz start`.",
    Ending.STOPPED: "It was stopped before it began.",
    Ending.AWAY: "I was away when it should have begun. Start another with `/quiz start`.",
    Ending.SHORT: "No question that fits is left just now. Start another with `/quiz start`.",
}


def started_message(started: Started, taxonomy: Taxonomy) -> Message:
    """Return what whoever starts a round is told."""
    few = ""
    if started.terms.questions < started.wanted:
        few = f"\n\nOnly {_questions(started.terms.questions)} that fit can be asked now, so those are played."
    return Message(
        title="The lobby opens in a moment",
        text=f"{_about(started.terms, taxonomy)}, {started.terms.seconds} seconds each. It opens in this channel; "
        f"press Join there if you play too, and Start now once all are there.{few}",
        footer="`/quiz stop` stops it.",
    )


def lobby_message(of: Round, players: Sequence[RoundPlayer], taxonomy: Taxonomy) -> Message:
    """Return the post with which a round begins, and what stands there once it has begun or will not."""
    waiting = of.state is RoundState.LOBBY
    who = short_name(of.host_name) if of.host_name else "Somebody"
    rows: tuple[Row, ...] = ()
    if waiting:
        text = f"{who} starts a round. Press **Join** to play; whoever answers a question plays too."
        begins = Field("Begins", f"{moment(of.due_at)}, or when {who} presses Start now")
        number = (str(of.id),)
        join = Button("Join", Action("quiz-join", number), Style.PRIMARY)
        start, stop = Button("Start now", Action("quiz-begin", number)), Button("Stop", Action("quiz-halt", number))
        rows = ((join, start, stop),)
    else:
        text = f"{who} started a round."
        unplayed = _UNPLAYED.get(of.ending or Ending.PLAYED, "") if of.number == 0 else ""
        begins = Field("It is over" if unplayed else "It has begun", unplayed or "Its questions follow.")
    return Message(
        title="Live round",
        text=text,
        tone=Tone.QUESTION if waiting else Tone.PLAIN,
        fields=(
            Field("What", f"{_about(of.terms, taxonomy)}, {of.terms.seconds} seconds each"),
            Field("Points", _points(of.terms)),
            begins,
            Field("Players", counted(players)),
        ),
        rows=rows,
        footer="Answers are private, and the first one counts",
    )


def ask_message(scene: Scene, asked: Asked, taxonomy: Taxonomy) -> Message:
    """Return a question in its channel: who has answered is shown, never what; nothing to press once it is closed."""
    of, one, question = asked.round, asked.ask, asked.question
    held_up = ["*This question was held up on my side, so it has its full time again. Answers that are in stay.*"]
    is_open = one.state in (AskState.POSTING, AskState.OPEN) and of.state is RoundState.ASKING
    when = Field("Closes", f"{moment(one.closes_at)}: {of.terms.seconds} seconds to answer")
    if not is_open:
        counts = one.state is AskState.CLOSED
        ended = "It takes no more answers." if counts else "Not counted: the round stopped before it closed."
        when = Field("Closed", ended)
    return Message(
        title=f"{_place(of, one.number)} · {taxonomy.by_code[question.topic].name} · {question.level}",
        text="\n\n".join(
            [*(held_up if one.reopened and is_open else []), stem(question), *options_of(asked.shown()), ask(question)]
        ),
        tone=Tone.QUESTION if is_open else Tone.PLAIN,
        fields=(when, Field("Answered", counted([answer.answer for answer in scene.answers]))),
        rows=controls_of(asked.shown(), f"{of.id}-{one.number}", _CONTROLS) if is_open else (),
        images=pictures(question.formula),
        footer=f"{_worth(asked)} · answers are private, the first one counts · `{question.id}`",
    )


def taken_message(taken: Taken) -> Message:
    """Return what a person is told whose answer is in: the same whether it is right or not."""
    asked = taken.asked
    told = "Your answer is in already." if taken.again else "Your answer is in."
    chosen = chosen_of(asked.question, asked.ask.order, taken.graded.response, taken.graded.chosen)
    rest = "The first answer counts. You learn whether it is right when the question closes."
    if taken.closed:
        rest = "The question has closed; what is right stands in the channel, and under My answers once all is over."
    if asked.round.terms.mode is Mode.TEAMS:
        rest = f"{rest} {_side(taken.side)}"
    return Message(
        title=f"Your answer to question {asked.ask.number} of {asked.round.terms.questions}",
        text=f"**{told}** {chosen}\n\n{rest}",
        footer=f"Only you see this · `{asked.question.id}`",
    )


def joined_message(joined: Joined) -> Message:
    """Return what a person is told who joins."""
    told = "You are in." if joined.new else "You are in already."
    side = f" {_side(joined.side)}" if joined.mode is Mode.TEAMS else ""
    return Message(text=f"**{told}** Its questions come in this channel; answer them there.{side}")


def status_message(standing: Standing | None, taxonomy: Taxonomy) -> Message:
    """Return how the round of a channel stands, or how one is started."""
    if standing is None:
        return Message(
            title="No round here",
            text="Start one with `/quiz start`, or narrow it down: `/quiz start topic:cnn questions:10 seconds:20`.",
        )
    of, places = standing.round, standings(standing.players)
    where = _place(of, of.number) if of.number else f"Its lobby is open until {moment(of.due_at)}"
    return Message(
        title="A round is under way",
        text=f"{_about(of.terms, taxonomy)}. {where}.",
        fields=(
            Field("Standings so far", standings_text(places) or "Nobody has points yet."),
            Field("Players", counted(standing.players)),
        ),
        footer="Answer in the channel to join · `/quiz stop` stops it, for who started it and moderators",
    )


def _side(side: str) -> str:
    """Return for whom somebody plays where teams do."""
    if side:
        return f"You play for {short_name(side)}."
    return "You are in no team, so you play for yourself."


def _about(terms: Terms, taxonomy: Taxonomy) -> str:
    level = f"{terms.level} " if terms.level else ""
    topic = f" on {taxonomy.by_code[terms.topic].name}" if terms.topic else ""
    return f"{terms.questions} {level}question{'' if terms.questions == 1 else 's'}{topic}"


def _questions(count: int) -> str:
    return f"{count} question{'' if count == 1 else 's'}"


def _place(of: Round, number: int) -> str:
    return f"Question {number} of {of.terms.questions}"


def _worth(asked: Asked) -> str:
    points = f"{worth(asked.question.level, hinted=False)} points"
    speed = ", more for speed" if asked.round.terms.speed and not asked.ask.reopened else ""
    first = " for whoever is right first" if asked.round.terms.mode is Mode.FIRST else ""
    return f"{points}{speed}{first}"


def _points(terms: Terms) -> str:
    values = ", ".join(map(str, VALUE.values()))
    who = f"A right answer earns {values} points by level, a partly right one its share"
    if terms.mode is Mode.FIRST:
        who = f"Whoever is right first earns {values} points by level, nobody else any"
    if terms.mode is Mode.TEAMS:
        who = f"{who}, for their team; whoever is in none plays for themselves"
    speed = "; up to a fifth more for speed" if terms.speed else ""
    return f"{who}{speed}. They count once two people have answered."
