"""Looking after the questions, as moderators do it: reports, statistics, rulings; and what others notice of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.storage.work import SqlStorage
from bot.features.question import KEPT, OUT
from bot.features.question_view import stem
from bot.message import Message, Select, Tone
from bot.refs import Actor, ChannelRef, Role, WorkspaceRef
from questions.generate import FAMILIES
from questions.statistics import LEAST
from tests.support.items import many, number, one, order, text, truth
from tests.support.judged import Given, keep
from tests.support.room import ADA, BOB, Room, question_of, refusal_of, token_of
from tests.support.world import STUDY, StillClock, someone

GRACE = someone("Grace", role=Role.MODERATOR)
CYD = someone("Cyd")
AWAY = ChannelRef(WorkspaceRef("test", "away"), "study")
FAMILY = FAMILIES["cn-conv-output-size"]
NOTHING_LEFT = "The bank has no question like that yet. Try `/practice` with fewer conditions."


async def report(room: Room, who: Actor, reason: str = "key", note: str = "") -> Message:
    """Take a question and report it."""
    asked = await room.command(who, "practice")
    form = await room.form(who, token_of(asked, "Report a problem"))
    return await room.send(who, form.action.encode(), reason=reason, note=note)


async def three_reports(room: Room) -> None:
    for who in (ADA, BOB, CYD):
        assert (await report(room, who)).tone is Tone.GOOD


def listed(message: Message) -> list[str]:
    """Return the questions that a list offers to look at."""
    return [choice.value for row in message.rows if isinstance(row, Select) for choice in row.choices]


def labels(message: Message) -> list[str]:
    return [part.label for row in message.rows if not isinstance(row, Select) for part in row]


async def reports_of(room: Room, name: str = "ml-truth") -> Message:
    """Open the list of reports and look at one question."""
    found = await room.command(GRACE, "question reports")
    return await room.press(GRACE, token_of(found, "Look at one"), name)


@pytest.mark.parametrize("command", ["question show", "question stats", "question reports"])
async def test_members_see_no_keys_and_no_reports(storage: SqlStorage, command: str) -> None:
    room = Room(storage, truth())
    told = refusal_of(await room.typed(ADA, command, "ml-truth" if command != "question reports" else ""))
    assert told == "Only moderators can do this. Ask one of this workspace's moderators."


@pytest.mark.parametrize(
    "control", ["show.1:ml-truth", "stats.1", "reports.1", "keep.1:ml-truth:x", "out.1:ml-truth:x"]
)
async def test_members_press_nothing_of_it(storage: SqlStorage, control: str) -> None:
    room = Room(storage, truth())
    assert refusal_of(await room.pressed(ADA, f"question-{control}")).startswith("Only moderators can do this.")


async def test_it_works_in_a_workspace_alone(storage: SqlStorage) -> None:
    room = Room(storage, truth(), channel=replace(STUDY, direct=True))
    told = refusal_of(await room.typed(GRACE, "question reports"))
    assert told == "This works in a channel of your team only. Type `/question reports` there."


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (one(), "✓ **A.** Max pooling, 2×2 with stride 2\n✗ **B.** A 1×1 convolution with stride 1\nIt was taken"),
        (many(), "✓ **B.** Dropout\n✗ **C.** A larger network\nIt was taken"),
        (truth(), "**The right answer is False.**\n\nIt takes depth for power"),
        (number(), "**The right answer is 1960**, within 0\n\n✗ 1920: The 40 biases were forgotten."),
        (number(unit="GB", slips=[]), "**The right answer is 1960 GB**, within 0"),
        (order(), "**E.** Move the weights\n\n**A common mistake:** Moving the weights before"),
        (text(), "**C.** A block then needs to learn a correction only\n\n**Model answer:** Gradients are products"),
    ],
    ids=["one", "many", "truth", "number", "unit", "order", "text"],
)
async def test_a_question_is_shown_with_its_key(storage: SqlStorage, question: object, told: str) -> None:
    room = Room(storage, question)  # type: ignore[arg-type]
    [name] = room.bank.by_id
    shown = await room.command(GRACE, "question show", name)
    assert shown.title == name
    assert shown.text.startswith(f"**Drawn here**, 0 open reports.\n\n{stem(room.bank.by_id[name])}")
    assert told in shown.text
    assert "**Why:** A layer computes" in shown.text
    assert labels(shown) == ["Take it out", "Statistics", "Reports"]
    assert question_of(shown) == name


async def test_a_family_is_shown_by_one_of_its_draws(storage: SqlStorage) -> None:
    room = Room(storage, families=[FAMILY])
    drawn = room.bank.find(FAMILY.id, 1)
    assert drawn is not None
    assert stem(drawn) in (await room.command(GRACE, "question show", FAMILY.id)).text


@pytest.mark.parametrize("typed", [" ML-Truth ", "`ml-truth`", "id:ml-truth"])
async def test_an_id_is_read_as_people_copy_it(storage: SqlStorage, typed: str) -> None:
    assert (await Room(storage, truth()).command(GRACE, "question show", typed)).title == "ml-truth"


async def test_an_id_is_completed_and_an_unknown_one_is_told_so(storage: SqlStorage) -> None:
    room = Room(storage, truth(), one(id="cn-one"), families=[FAMILY])
    [option] = room.dispatcher().router.commands["question show"].options
    assert option.suggest is not None
    assert [choice.value for choice in option.suggest(" CN-")] == [FAMILY.id, "cn-one"]
    told = r"There is no question \<\@1\>. Its id stands under it; copy it from there."
    assert refusal_of(await room.typed(GRACE, "question stats", "<@1>")) == told
    told = r"There is no question xx\-y. Its id stands under it; copy it from there."
    for control in ("show.1:xx-y", "stats.1:xx-y", "reports.1:xx-y", "keep.1:xx-y:", "out.1:xx-y:"):
        assert refusal_of(await room.pressed(GRACE, f"question-{control}")) == told


async def test_nothing_reported_and_nothing_measured_is_said(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    assert (await room.command(GRACE, "question reports")).text == "No report is open here."
    look = await room.command(GRACE, "question stats")
    assert (look.text, look.rows) == ("None at the moment.", ())
    assert look.footer == f"0 questions with {LEAST} first answers or more"


async def test_reports_are_read_with_reason_and_note_and_nobody_is_named(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    await report(room, ADA, "key", "It is *true*, <@1>.\n" + "x" * 500)
    room.clock.pass_time(hours=1)
    await report(room, BOB, "other")
    found = await room.command(GRACE, "question reports")
    assert (found.text, listed(found)) == ("`ml-truth` · 2 reports", ["ml-truth"])
    page = await reports_of(room)
    newest, older = page.text.split("\n\n")[1:]
    assert newest.startswith("**Something else** · [2026-11-23 13:00 UTC]")
    assert older.startswith("**The marked answer is wrong** · [2026-11-23 12:00 UTC]")
    assert older.split("\n")[1].startswith(r"It is \*true\*\, \<\@1\>\. xxx")
    assert older.endswith("x…")
    assert "Ada" not in page.text
    assert labels(page) == ["Keep it", "Take it out", "Show the question", "All reports"]
    assert await room.press(GRACE, token_of(page, "All reports")) == found
    assert (await room.press(GRACE, token_of(page, "Show the question"))).title == "ml-truth"


async def test_three_reports_take_a_question_out_until_somebody_keeps_it(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    shown_before = await room.command(GRACE, "practice")
    await three_reports(room)
    assert refusal_of(await room.typed(ADA, "practice")) == NOTHING_LEFT
    assert refusal_of(await room.pressed(ADA, "next.1")) == NOTHING_LEFT
    assert (await room.press(GRACE, token_of(shown_before, "False"))).title == "Right · +15 points"
    assert "not drawn here" in (await room.command(GRACE, "question reports")).text
    page = await reports_of(room)
    assert page.text.startswith("**Not drawn here:** 3 open reports. A ruling decides.")
    kept = await room.press(GRACE, token_of(page, "Keep it"))
    assert kept.text.startswith(f"{KEPT}\n\n**Drawn here**, 0 open reports. Kept by Grace · [2026-11-23 12:00 UTC]")
    assert labels(kept) == ["Take it out", "Show the question", "All reports"]
    assert question_of(await room.command(ADA, "practice")) == "ml-truth"


async def test_a_question_stays_out_until_it_is_brought_back(storage: SqlStorage) -> None:
    room = Room(storage, truth(), one())
    await room.command(ADA, "practice")
    shown = await room.command(GRACE, "question show", "ml-truth")
    out = await room.press(GRACE, token_of(shown, "Take it out"))
    assert out.text.startswith(f"{OUT}\n\n**Taken out** here by Grace")
    drawn = {question_of(await room.command(BOB, "practice")) for _ in range(4)}
    assert drawn == {"ml-one"}
    back = await room.press(GRACE, token_of(out, "Bring it back"))
    assert back.text.startswith(KEPT)
    drawn = {question_of(await room.command(BOB, "practice")) for _ in range(2)}
    assert "ml-truth" in drawn


async def test_another_workspace_rules_for_itself(storage: SqlStorage) -> None:
    here, away = Room(storage, truth()), Room(storage, truth(), channel=AWAY)
    await three_reports(here)
    assert question_of(await away.command(ADA, "practice")) == "ml-truth"
    assert (await away.command(GRACE, "question reports")).text == "No report is open here."
    await away.press(GRACE, token_of(await away.command(GRACE, "question show", "ml-truth"), "Take it out"))
    page = await reports_of(here)
    await here.press(GRACE, token_of(page, "Keep it"))
    assert question_of(await here.command(ADA, "practice")) == "ml-truth"
    assert refusal_of(await away.typed(ADA, "practice")) == NOTHING_LEFT


async def test_a_family_is_reported_and_ruled_on_whatever_its_draw(storage: SqlStorage) -> None:
    room = Room(storage, families=[FAMILY], clock=StillClock())
    for who in (ADA, BOB):
        await report(room, who)
    room.clock.pass_time(days=1)
    assert (await report(room, ADA)).tone is Tone.PLAIN
    await report(room, CYD)
    assert refusal_of(await room.typed(ADA, "practice")) == NOTHING_LEFT
    page = await reports_of(room, FAMILY.id)
    await room.press(GRACE, token_of(page, "Keep it"))
    assert question_of(await room.command(ADA, "practice")) == FAMILY.id


async def test_a_question_that_was_changed_starts_anew(storage: SqlStorage) -> None:
    before = Room(storage, truth())
    await three_reports(before)
    page = await reports_of(before)
    after = Room(storage, truth(answer=True))
    assert question_of(await after.command(ADA, "practice")) == "ml-truth"
    assert (await after.command(GRACE, "question reports")).text == "No report is open here."
    told = refusal_of(await after.pressed(GRACE, token_of(page, "Take it out")))
    assert told == "This question was changed since. Type `/question show ml-truth` to see it as it is now."


async def test_statistics_wait_for_thirty_answers(storage: SqlStorage) -> None:
    room = Room(storage, truth())
    for who in (ADA, BOB):
        await room.press(who, token_of(await room.command(who, "practice"), "False"))
    page = await room.command(GRACE, "question stats", "ml-truth")
    assert page.text == "2 first answers so far; from 30 on, difficulty and discrimination show."
    assert (await room.press(GRACE, token_of(page, "Show the question"))).title == "ml-truth"


BAD: list[Given] = [*[((3,), 0, 800)] * 15, *[((0,), 1000, 300)] * 10, *[((1,), 0, 400)] * 5]
"""Answers to ``one()``: better people choose option D, nobody C, and 10 of 30 are right."""


async def test_statistics_of_a_question_name_every_flag(storage: SqlStorage) -> None:
    room = Room(storage, one())
    await keep(storage, room.bank, {"ml-one": BAD})
    page = await room.command(GRACE, "question stats", "ml-one")
    assert [(field.name, field.value) for field in page.fields] == [
        ("Level", "medium by its author, hard by 30 answers"),
        ("Difficulty", "0.33, the mean score of 30 first answers"),
        ("Discrimination", "−0.80, low"),
    ]
    parts = page.text.split("\n\n")
    assert parts[:3] == [
        "**Is the key right?** Better people choose B, D.",
        "**It hardly tells better people from others.**",
        "**Hardly anybody chooses C.** A better misconception is wanted.",
    ]
    assert parts[3].splitlines()[:4] == [
        "✓ **A.** Max pooling, 2×2 with stride 2",
        "chosen by 33 %, by people with 30 % right",
        "✗ **B.** A 1×1 convolution with stride 1",
        "chosen by 17 %, by people with 40 % right",
    ]
    assert parts[3].splitlines()[5] == "chosen by 0 %"
    shown = await room.press(GRACE, token_of(page, "Show the question"))
    assert shown.footer == "one best answer · medium by its author, hard by 30 answers · `ml-one`"


async def test_what_needs_a_look_is_listed_the_worst_first(storage: SqlStorage) -> None:
    room = Room(storage, truth(), one(), number(id="ml-n"), number(id="cn-n"), one(id="cn-good"))
    alike: list[Given] = [((), 1000, 500 + at) for at in range(30)]
    await keep(
        storage,
        room.bank,
        {
            "ml-one": BAD,
            "ml-n": [((), 1000 * (at % 2), 500 + at % 3) for at in range(30)],
            "cn-n": alike,
            "cn-good": [*[((0,), 1000, 800)] * 18, *[((place,), 0, 300) for place in (1, 2, 3)] * 4],
        },
    )
    await report(Room(storage, truth()), ADA)
    look = await room.command(GRACE, "question stats")
    assert look.text.split("\n\n") == [
        "**Reported here**\n`ml-truth` · 1 report",
        "**Is the key right? Better people choose another**\n`ml-one` · B, D",
        "**Hardly tells better people from others**\n`ml-one` · discrimination −0.80\n`ml-n` · discrimination 0.00",
        "**Options that hardly anybody chooses**\n`ml-one` · C",
    ]
    assert listed(look) == ["ml-truth", "ml-one", "ml-n"]
    assert look.footer == "4 questions with 30 first answers or more"
    page = await room.press(GRACE, token_of(look, "Look at one"), "ml-one")
    assert page.title == "Statistics of ml-one"
    assert await room.press(GRACE, token_of(page, "All that need a look")) == look


async def test_a_level_from_answers_is_shown_and_drawn_by_and_points_keep_the_authors(storage: SqlStorage) -> None:
    room = Room(storage, one(), truth(level="hard"))
    assert (await room.command(ADA, "practice", "kind:one")).title.endswith("· medium")
    assert question_of(await room.command(ADA, "practice", "level:hard")) == "ml-truth"
    await keep(storage, room.bank, {"ml-one": BAD, "ml-truth": [((), 1000, 500)] * 30})
    asked = await room.command(ADA, "practice", "level:hard")
    assert (question_of(asked), asked.title.endswith("· hard"), "15 points" in asked.footer) == ("ml-one", True, True)
    hinted = await room.press(ADA, token_of(asked, "Hint (−5 points)"))
    assert hinted.title.endswith("· hard")
    asked = await room.command(ADA, "practice", "level:easy")
    assert (question_of(asked), asked.title.endswith("· easy")) == ("ml-truth", True)
    assert (await room.press(ADA, token_of(asked, "False"))).title == "Right · +20 points"
    assert refusal_of(await room.typed(ADA, "practice", "level:medium")) == NOTHING_LEFT
