"""How a question looks before it is answered: nothing here reads a key, so nothing can give one away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.markup import escape, fenced, plain
from bot.message import LABEL, Action, Button, Choice, Image, Message, Row, Select, Style, Tone
from bot.options import whole_number
from bot.practice.points import HINT, worth
from bot.practice.responses import LETTERS
from bot.practice.service import Shown
from questions.formulas import alt_of, parse, unicode_of
from questions.formulas.pictures import picture
from questions.model import FreeText, Kind, Numeric, OneBest, Ordered, Question, SelectAll, TrueFalse
from questions.taxonomy import Taxonomy

KINDS = {
    Kind.ONE: "one best answer",
    Kind.MANY: "select all that apply",
    Kind.TRUTH: "true or false",
    Kind.NUMBER: "number",
    Kind.ORDER: "put in order",
    Kind.TEXT: "free text",
}
"""The kinds in the words people read."""

_ASK = {
    Kind.ONE: "Choose one.",
    Kind.MANY: "Choose all that apply, then submit.",
    Kind.TRUTH: "Is this true or false?",
    Kind.NUMBER: "Answer with one number{unit}.",
    Kind.ORDER: "Press the steps from first to last.",
    Kind.TEXT: "Answer in a few sentences; then you mark it against the key points.",
}


@dataclass(frozen=True, slots=True)
class Controls:
    """What the actions are named with which a question is answered."""

    answer: str
    choose: str
    form: str
    place: str
    submit: str


_PRACTICE = Controls(answer="answer", choose="choose", form="form", place="place", submit="answer")


def question_message(shown: Shown, taxonomy: Taxonomy, placed: str = "") -> Message:
    """Return an open question with its controls; ``placed`` are the letters of steps put in order so far."""
    question = shown.question
    parts = [stem(question), *options_of(shown), *so_far(shown, placed), ask(question)]
    if shown.hinted:
        parts.append(f"**Hint:** {question.hint}")
    return Message(
        title=f"{taxonomy.by_code[question.topic].name} · {shown.level or question.level}",
        text="\n\n".join(parts),
        tone=Tone.QUESTION,
        rows=(*controls_of(shown, str(shown.serving), _PRACTICE, placed), _tools(shown, placed)),
        images=pictures(question.formula),
        footer=_footer(shown),
    )


def stem(question: Question) -> str:
    """Return the stem, its formula where that is a line of text, and its listing."""
    return "\n\n".join(part for part in (question.stem, formula(question.formula), listing(question)) if part)


def listing(question: Question) -> str:
    """Return the code listing as markup, or an empty text."""
    return fenced(question.code.text, question.code.language) if question.code else ""


def formula(source: str | None) -> str:
    """Return a formula as markup: a line where that is exact, its words where its picture is missing, else nothing."""
    if source is None:
        return ""
    tree = parse(source)
    line = unicode_of(tree)
    if line:
        return f"`{line}`"
    return "" if picture(source) else f"*Formula: {alt_of(tree)}.*"


def pictures(*sources: str | None) -> tuple[Image, ...]:
    """Return the pictures of those formulas that no line of text can say exactly, with their words."""
    drawn = [(source, picture(source)) for source in sources if source and not unicode_of(parse(source))]
    return tuple(Image(data, alt_of(parse(source)), "formula.png") for source, data in drawn if data)


def option_text(question: Question, place: int) -> str:
    """Return the markup of an option or step by its authored position."""
    match question:
        case OneBest() | SelectAll():
            return question.options[place].text
        case Ordered():
            return question.steps[place]
        case _:
            raise ValueError(f"{question.id} has no options")


def letter(place: int) -> str:
    """Return the letter of a position shown."""
    return LETTERS[place]


def serving_id(text: str) -> int:
    """Return the serving that an action's argument names; 0, which names none, if it is not a number."""
    return whole_number(text) or 0


def options_of(shown: Shown) -> list[str]:
    """Return the options or steps with their letters, where there are any."""
    lines = [f"**{letter(place)}.** {option_text(shown.question, item)}" for place, item in enumerate(shown.order)]
    return ["\n".join(lines)] if lines else []


def so_far(shown: Shown, placed: str) -> list[str]:
    """Return the steps put in order so far, where there are any."""
    if not isinstance(shown.question, Ordered) or not placed:
        return []
    return [f"Your order so far: **{' → '.join(placed)}**"]


def chosen_of(question: Question, order: Sequence[int], response: str, chosen: Sequence[int]) -> str:
    """Return what somebody answered, with the letters under which it was shown; nothing about whether it is right."""
    letters = {item: letter(place) for place, item in enumerate(order)}
    match question:
        case OneBest() | SelectAll():
            picked = sorted(chosen, key=lambda item: letters[item])
            lines = [f"**{letters[item]}.** {option_text(question, item)}" for item in picked]
            return f"You chose {lines[0]}" if len(lines) == 1 else "\n".join(["You chose:", *lines])
        case TrueFalse():
            return f"You chose **{'True' if response == 'T' else 'False'}**."
        case Ordered():
            return f"Your order: **{' → '.join(letters[item] for item in chosen)}**"
        case Numeric():
            return f"You answered **{escape(response)}**{f' {question.unit}' if question.unit else ''}."
        case _:
            return ""


def ask(question: Question) -> str:
    """Return how the question is answered."""
    unit = f", in {question.unit}" if isinstance(question, Numeric) and question.unit else ""
    return f"*{_ASK[Kind(question.kind)].format(unit=unit)}*"


def _footer(shown: Shown) -> str:
    question = shown.question
    worth_now = worth(question.level, hinted=shown.hinted)
    earns = "earns no points" if isinstance(question, FreeText) else f"{worth_now} points"
    return f"{KINDS[Kind(question.kind)]} · {earns} · `{question.id}`"


def controls_of(shown: Shown, owner: str, names: Controls, placed: str = "") -> tuple[Row, ...]:
    """Return what a question is answered with; ``owner`` is the id that each action carries."""
    match shown.question:
        case OneBest():
            signs = [letter(place) for place in range(len(shown.order))]
            return (tuple(_answer(owner, names, sign, sign) for sign in signs),)
        case TrueFalse():
            return ((_answer(owner, names, "True", "T"), _answer(owner, names, "False", "F")),)
        case SelectAll():
            choices = tuple(
                Choice(letter(place), _label(letter(place), option_text(shown.question, item)))
                for place, item in enumerate(shown.order)
            )
            return (Select(Action(names.choose, (owner,)), choices, "Choose all that apply", most=len(choices)),)
        case Numeric() | FreeText():
            return ((Button("Answer", Action(names.form, (owner,)), Style.PRIMARY),),)
        case Ordered():
            return _order_controls(shown, owner, names, placed)


def _answer(owner: str, names: Controls, label: str, response: str) -> Button:
    return Button(label, Action(names.answer, (owner, response)), Style.PRIMARY)


def _order_controls(shown: Shown, owner: str, names: Controls, placed: str) -> tuple[Row, ...]:
    left = [letter(place) for place in range(len(shown.order)) if letter(place) not in placed]
    steps = [Button(sign, Action(names.place, (owner, placed + sign)), Style.PRIMARY) for sign in left]
    undo = Button("Undo", Action(names.place, (owner, placed[:-1], "undo")), disabled=not placed)
    done = Button("Submit", Action(names.submit, (owner, placed)), Style.PRIMARY, disabled=bool(left))
    rows: tuple[Row, ...] = tuple(tuple(steps[start : start + 3]) for start in range(0, len(steps), 3))
    return (*rows, (undo, done))


def _label(sign: str, text: str) -> str:
    """Return what a list shows of an option."""
    label = f"{sign} · {plain(text)}"
    return label if len(label) <= LABEL else f"{label[: LABEL - 1]}…"


def _tools(shown: Shown, placed: str) -> tuple[Button, ...]:
    serving = str(shown.serving)
    earns = not isinstance(shown.question, FreeText)
    hint = f"Hint (−{HINT[shown.question.level]} points)" if earns else "Hint"
    tools = [
        Button("Skip", Action("skip", (serving,))),
        Button("Report a problem", Action("report", (serving,))),
    ]
    return (*([] if shown.hinted else [Button(hint, Action("hint", (serving, placed)))]), *tools)
