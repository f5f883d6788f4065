"""Help is made of the declarations, so that it can name nothing that is not there and miss nothing that is."""

from __future__ import annotations

from adapters.storage.work import SqlStorage
from bot.commands import Answer, Command, Router
from bot.events import Invocation
from bot.features.help import ABOUT, command_table, greeting, help_router
from bot.features.practice import topic_option
from bot.features.routes import all_routes
from bot.features.settings import router as settings_router
from bot.message import Action, Message
from bot.refs import Role
from questions.generate import FAMILIES
from tests.support.items import bank_of, number, real_taxonomy, truth
from tests.support.responder import RecordingResponder, Responded
from tests.support.room import ADA, Room, refusal_of, token_of
from tests.support.world import MONDAY, STUDY, someone

BANK = bank_of(truth(id="cn-t"), number(id="cn-n"), truth(id="op-t"))


async def test_warmup_lists_every_command(storage: SqlStorage) -> None:
    message = await Room(storage, *BANK.questions).command(someone("Grace", role=Role.MODERATOR), "warmup")
    commands = all_routes(BANK).commands
    daily = ("setup", "list", "edit", "pause", "resume", "remove", "now", "skip", "history", "preview", "queue")
    teams = ("create", "join", "leave", "list", "show", "rename", "invite", "kick", "transfer", "disband", "limit")
    compete = [f"compete {name}" for name in ("create", "join", "start", "end", "status", "list", "results")]
    members = [
        "practice",
        "progress",
        *(f"quiz {name}" for name in ("start", "stop", "status")),
        "leaderboard",
        *(f"team {name}" for name in (*teams, "balance")),
    ]
    members += [*compete, "settings"]
    moderators = [*(f"daily {name}" for name in daily), "question show", "question stats", "question reports"]
    moderators += ["points show", "points grant", "points void", "reward", "weekly"]
    assert list(commands) == [*members, *moderators, "warmup"]
    for name in ("practice", "leaderboard", "weekly", "warmup"):
        assert f"`{commands[name].usage}`\n{commands[name].description}" in message.text
    assert "`/points show | grant | void`\nWhy a member has their points, and corrections that show" in message.text
    assert message.footer == "3 questions on 2 topics"
    room = Room(storage, *BANK.questions, families=[*FAMILIES.values()][:4])
    footer = (await room.command(ADA, "warmup")).footer
    assert footer == "3 questions on 2 topics, and 4 with other numbers every day"


async def test_commands_with_the_same_first_word_are_explained_one_by_one(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    grace = someone("Grace", role=Role.MODERATOR)
    groups: dict[str, list[Command]] = {}
    for command in all_routes(room.bank).commands.values():
        groups.setdefault(command.name.partition(" ")[0], []).append(command)
    for name, inside in groups.items():
        typed = await room.command(grace, "warmup", f"/{name}")
        assert typed.text == "\n\n".join(f"`{command.usage}`\n{command.description}" for command in inside)
        if len(inside) > 1:
            assert name in ABOUT
            chosen = await room.press(grace, token_of(typed, "Explain one of them"), name)
            assert chosen == typed


async def test_help_about_what_is_not_there_leads_to_all(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    whole = await room.command(ADA, "warmup")
    assert await room.press(ADA, "help.1", "nonsense") == whole
    assert await room.press(ADA, "help.1", "points") == whole  # which only moderators have
    assert refusal_of(await room.typed(ADA, "warmup", "nonsense")) == (
        "There is no such command. Type `/warmup` alone to see all of them."
    )


async def test_practise_leads_to_a_question(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    for message in (await room.command(ADA, "warmup"), greeting()):
        assert "Which" not in message.text
        asked = await room.press(ADA, token_of(message, "Practise"))
        assert asked.footer.endswith("`ml-truth`")


def guarded() -> Router:
    router = Router()

    @router.command("tidy", "Tidy up", requires=Role.MODERATOR)
    async def tidy(_event: Invocation, _services: object) -> Message:
        raise NotImplementedError

    return router


async def help_for(role: Role, storage: SqlStorage) -> str:
    commands: dict[str, Command] = {}
    routes = help_router(commands)
    commands |= {**routes.commands, **guarded().commands}
    room = Room(storage, truth())
    event = Invocation(id="1", actor=someone(role=role), channel=STUDY, at=MONDAY, command="warmup")
    responder = RecordingResponder()
    await room.dispatcher(routes).run(event, responder)
    [reply] = responder.said
    assert isinstance(reply, Responded)
    return reply.message.text


async def test_help_shows_what_its_reader_may(storage: SqlStorage) -> None:
    assert "`/tidy`" not in await help_for(Role.MEMBER, storage)
    assert "`/tidy`" in await help_for(Role.MODERATOR, storage)


def test_the_table_of_commands_is_made_of_the_declarations() -> None:
    commands = [all_routes(BANK).commands["progress"], guarded().commands["tidy"]]
    assert command_table(commands).splitlines() == [
        "| command | what it does | who |",
        "|---|---|---|",
        "| `/progress [show]` | How am I doing? | everybody |",
        "| `/tidy` | Tidy up | moderators |",
    ]


def test_the_greeting_names_commands_that_are_there() -> None:
    message = greeting()
    commands = all_routes(BANK).commands
    assert {name for name in commands if f"`/{name}" in message.text} >= {"practice", "progress", "warmup"}
    for text in ("topic:cnn level:easy", "kind:number"):
        practice = commands["practice"]
        assert practice.parse_options(practice.parse_text(text))
        assert text in message.text
    assert Action.decode(token_of(message, "Practise")) == Action("next")


def test_every_topic_can_be_completed_and_read_back() -> None:
    topics = real_taxonomy().topics
    option = topic_option(bank_of(*(truth(subtopic=f"{topic.code}1") for topic in topics)))
    assert option.suggest
    assert [(choice.value, choice.label) for choice in option.suggest("")] == [
        (topic.code, topic.name) for topic in topics
    ]
    for topic in topics:
        for word in (topic.code, topic.code.lower(), topic.name, topic.name.upper(), *topic.aliases):
            assert option.parse(f" {word} ") == topic.code
            assert topic.code in [choice.value for choice in option.suggest(word)]


def test_each_control_answers_in_its_own_place() -> None:
    """New questions and lists are private, what replaces its message updates it, and one board is for everybody."""
    places: dict[Answer, set[str]] = {}
    for name, route in all_routes(BANK).controls.items():
        places.setdefault(route.answer, set()).add(name)
    assert places == {
        Answer.PRIVATE: {
            *("next", "reported", "points", "board-mine"),
            *("daily-answer", "daily-choose", "daily-typed", "daily-mine", "daily-order", "daily-again"),
            *("daily-reported", "compete-cancel", "compete-results", "compete-status"),
            *("quiz-join", "quiz-begin", "quiz-halt", "quiz-mine", "quiz-answer", "quiz-choose", "quiz-typed"),
        },
        Answer.PUBLIC: {"board-post"},
        Answer.MODAL: {
            *("form", "report", "settings-edit", "daily-form", "daily-report", "points-void", "quiz-form"),
            *("schedule-begin-form", "schedule-form", "schedule-queue-form"),
            *("team-form", "team-edit"),
        },
        Answer.UPDATE: {
            *("hint", "skip", "place", "answer", "choose", "typed", "mark", "mark-none"),
            *("help", "weekly-begin", "weekly-end", "reward-end", "points-page", "points-voided"),
            *("points-before", "board", "settings-hide", "settings-remind", "settings-save"),
            *("question-show", "question-stats", "question-reports", "question-keep", "question-out"),
            *("daily-place", "daily-placed"),
            *("team-list", "team-show", "team-open", "team-join", "team-choose", "team-leave", "team-left"),
            *("team-created", "team-saved", "team-disband", "team-disbanded", "team-shuffle", "team-accept"),
            *(f"compete-{name}" for name in ("cancelled", "ended", "join", "leave", "page", "show", "start")),
            *(
                f"schedule-{name}"
                for name in (
                    *("begin", "begun", "card", "history", "list", "now", "pause", "preview", "queue", "queued"),
                    *("remove", "removed", "resume", "save", "skip", "unqueue"),
                )
            ),
        },
    }


def test_only_topics_with_questions_are_offered() -> None:
    option = topic_option(BANK)
    assert option.suggest
    assert [choice.value for choice in option.suggest("")] == ["OP", "CN"]
    assert [choice.value for choice in option.suggest("cnn")] == ["CN"]
    assert option.suggest("no such thing") == []


def test_zones_are_completed_as_people_write_them() -> None:
    [suggest] = [
        option.suggest for option in settings_router.commands["settings"].options if option.suggest is not None
    ]
    assert [choice.value for choice in suggest("new york")] == ["America/New_York"]
    assert "Europe/Berlin" in [choice.value for choice in suggest(" BERL")]
    assert suggest("xyzzy") == []
