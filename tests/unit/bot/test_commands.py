"""What can be typed after a command, and what may be declared."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import Answer, Choice, Command, Handler, Option, Router, split_words
from bot.errors import BadInput
from bot.events import Press, Submission
from bot.message import Message
from bot.refs import Role


def read_topic(typed: str) -> str:
    if typed.casefold() in ("cnn", "loss functions"):
        return typed.upper()
    raise BadInput("I do not know that topic.", "Try `cnn`.")


TOPIC = Option("topic", "What it is about", read=read_topic)
LEVEL = Option("level", "How hard", (Choice("easy", "Easy"), Choice("hard", "Very hard")))
NOTE = Option("note", "Free text")
NEEDED = Option("name", "Whose", required=True)


async def handler(event: object, services: object, *args: str, **options: str) -> Message:
    raise NotImplementedError


def command(*options: Option) -> Command:
    return Command("practice", "Ask me", options, Answer.PRIVATE, Role.MEMBER, handler)


PRACTICE = command(TOPIC, LEVEL, NOTE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("   ", []),
        ("a b", ["a", "b"]),
        (" a \t b\nc ", ["a", "b", "c"]),
        ('"a b" c', ["a b", "c"]),
        ('a:"b c" d', ["a:b c", "d"]),
        ("“a b” c", ["a b", "c"]),
        ("„a b“ c", ["a b", "c"]),
        ('a""b', ["ab"]),
        ('""', [""]),
        ('a "b c', ["a", "b c"]),
        ('"', [""]),
        ("it's", ["it's"]),
    ],
)
def test_words_are_split_at_spaces_outside_of_quotes(text: str, words: list[str]) -> None:
    assert split_words(text) == words


@given(words=st.lists(st.text(st.characters(exclude_characters='"“”„'), max_size=8), max_size=5))
@settings(deadline=None, max_examples=50)
def test_quoted_words_come_back_whole(words: list[str]) -> None:
    assert split_words(" ".join(f'"{word}"' for word in words)) == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("cnn", {"topic": "cnn"}),
        ("cnn hard", {"topic": "cnn", "level": "hard"}),
        ("level:hard cnn", {"level": "hard", "topic": "cnn"}),
        ("cnn note:x hard", {"topic": "cnn", "note": "x", "level": "hard"}),
        ("LEVEL:hard", {"level": "hard"}),
        ('topic:"loss functions"', {"topic": "loss functions"}),
        ('"loss functions" hard', {"topic": "loss functions", "level": "hard"}),
        ("topic:", {"topic": ""}),
        ("topic:a:b", {"topic": "a:b"}),
        ("note:12:30", {"note": "12:30"}),
    ],
)
def test_pairs_and_bare_words(text: str, found: dict[str, str]) -> None:
    assert PRACTICE.parse_text(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hard", {"level": "hard"}),
        ("hard cnn", {"level": "hard", "topic": "cnn"}),
        ("cnn cnn", {"topic": "cnn", "level": "cnn"}),
        ("xyzzy", {"topic": "xyzzy"}),
        ("hard xyzzy", {"level": "hard", "topic": "xyzzy"}),
        ("12:30", {"topic": "12:30"}),
        ('""', {"topic": ""}),
    ],
)
def test_a_bare_word_goes_to_the_first_option_that_knows_it_or_else_to_the_first(
    text: str, found: dict[str, str]
) -> None:
    assert command(TOPIC, LEVEL).parse_text(text) == found


@pytest.mark.parametrize("text", ["a b c d", "topic:a topic:b", "cnn topic:b", "topic:a level:b note:c d"])
def test_words_without_a_place_are_told_the_usage(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        PRACTICE.parse_text(text)
    assert caught.value.step == "Type `/practice [topic] [level] [note]`."


def test_a_command_without_options_takes_no_words() -> None:
    assert command().parse_text(" ") == {}
    with pytest.raises(BadInput, match="/practice"):
        command().parse_text("cnn")


def test_options_are_read_one_by_one_and_empty_ones_left_out() -> None:
    assert PRACTICE.parse_options({"topic": "Cnn", "level": " ", "note": " as typed "}) == {
        "topic": "CNN",
        "note": " as typed ",
    }


@pytest.mark.parametrize(
    ("typed", "value"),
    [("easy", "easy"), ("EASY", "easy"), (" hard ", "hard"), ("very HARD", "hard")],
)
def test_a_choice_is_found_by_value_or_label(typed: str, value: str) -> None:
    assert LEVEL.parse(typed) == value


@pytest.mark.parametrize("typed", ["", "medium", "very", "easy hard"])
def test_any_other_value_is_told_the_choices(typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        LEVEL.parse(typed)
    assert (caught.value.problem, caught.value.step) == (
        "I do not know that level.",
        "Choose one of `easy`, `hard`.",
    )


def test_an_unknown_option_is_told_the_usage() -> None:
    with pytest.raises(BadInput, match=r"no such option.*/practice \[topic\]"):
        PRACTICE.parse_options({"colour": "red"})


@pytest.mark.parametrize("typed", [{}, {"name": ""}, {"name": "  "}])
def test_a_missing_option_is_asked_for(typed: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="needs a name"):
        command(NEEDED).parse_options(typed)


def test_usage_shows_what_may_be_left_out() -> None:
    assert command(NEEDED, LEVEL).usage == "/practice name [level]"
    assert command().usage == "/practice"


def test_decorators_declare_and_hand_the_handler_back() -> None:
    router = Router()
    assert router.command("practice", "Ask me", TOPIC, answer=Answer.PUBLIC)(handler) is handler
    router.press("hint", Answer.UPDATE, version=2, requires=Role.MODERATOR)(handler)
    router.submit("typed", Answer.PRIVATE)(handler)
    hint, typed = router.controls["hint"], router.controls["typed"]
    assert router.commands["practice"].options == (TOPIC,)
    assert router.commands["practice"].answer is Answer.PUBLIC
    assert (hint.event, hint.answer, hint.version, hint.requires) == (Press, Answer.UPDATE, 2, Role.MODERATOR)
    assert (typed.event, typed.answer, typed.version, typed.requires) == (Submission, Answer.PRIVATE, 1, Role.MEMBER)


def declared() -> Router:
    router = Router()
    router.command("practice", "Ask me")(handler)
    router.press("hint", Answer.UPDATE)(handler)
    return router


def test_nothing_is_declared_twice() -> None:
    router = declared()
    with pytest.raises(ValueError, match="practice is declared twice"):
        router.command("practice", "Ask me")(handler)
    with pytest.raises(ValueError, match="hint is declared twice"):
        router.press("hint", Answer.UPDATE)(handler)
    with pytest.raises(ValueError, match="hint is declared twice"):
        router.submit("hint", Answer.UPDATE)(handler)
    with pytest.raises(ValueError, match="declared twice"):
        router.include([declared()])


def test_routers_are_joined() -> None:
    router = Router()
    router.include([declared()])
    assert (list(router.commands), list(router.controls)) == (["practice"], ["hint"])


def test_a_form_cannot_open_a_form() -> None:
    with pytest.raises(ValueError, match="form"):
        Router().submit("typed", Answer.MODAL)


async def two(event: object, services: object, serving: str, placed: str = "") -> Message:
    raise NotImplementedError


async def none(event: object, services: object) -> Message:
    raise NotImplementedError


@pytest.mark.parametrize(
    ("called", "args", "taken"),
    [
        (two, (), False),
        (two, ("1",), True),
        (two, ("1", "A"), True),
        (two, ("1", "A", "B"), False),
        (none, (), True),
        (none, ("1",), False),
        (handler, ("1",) * 40, True),
    ],
)
def test_a_route_takes_as_many_arguments_as_its_handler(called: Handler, args: tuple[str, ...], *, taken: bool) -> None:
    router = Router()
    router.press("hint", Answer.UPDATE)(called)
    assert router.controls["hint"].takes(args) is taken
