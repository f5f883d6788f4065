"""What people type of a schedule, as it is read and said back."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.daily.plan import (
    changed,
    check,
    days_of,
    default_plan,
    in_words,
    mention_of,
    span_of_time,
    spans_of,
    texts_of,
    timetable_of,
)
from bot.daily.reading import LONGEST, PARTS, read_channel, read_date
from bot.daily.timetable import Span
from bot.errors import BadInput
from bot.markup import visible
from bot.scheduling import Plan
from bot.zones import PLACES
from questions.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()
CODES = [topic.code for topic in TAXONOMY.topics]
PLAN = default_plan("Europe/Berlin")
HOLIDAYS = "2026-12-24..2027-01-02 2027-05-01"

READ = [
    *[("time", typed, time(9)) for typed in ("09:00", "9", "9:00", "09", " 9am ", "9 AM", "9.00", "9 a.m.", "9a.m")],
    *[("time", typed, time(18, 15)) for typed in ("18:15", "18.15", "6:15pm", "6.15 PM", "6:15 p.m.")],
    *[("time", typed, time(0)) for typed in ("0", "00:00", "12am", "midnight", "0.00")],
    *[("time", typed, time(12)) for typed in ("12", "12pm", "Noon", "12:00")],
    ("time", "23:59", time(23, 59)),
    ("time", "\u200f9:30\u200f", time(9, 30)),
    *[("zone", typed, "Europe/Berlin") for typed in ("Europe/Berlin", "europe/berlin", "berlin", " Berlin ")],
    ("zone", "new york", "America/New_York"),
    ("zone", "UTC", "UTC"),
    ("zone", "Etc/GMT+3", "Etc/GMT+3"),
    *[("days", typed, "01234") for typed in ("weekdays", "Workdays", "mon-fri", "Mon – Fri", "monday to friday",
                                             "mo,tu,we,th,fr", "mon tue wed thu fri", "Mon—Fri")],
    *[("days", typed, "0123456") for typed in ("daily", "every day", "EVERYDAY", "all", "mon-sun", "weekdays, weekend",
                                               "tue-mon")],
    *[("days", typed, "024") for typed in ("mon,wed,fri", "Mon, Wed & Fri", "monday; wednesday and friday",
                                           "Mondays Weds Fridays", "fri/wed/mon")],
    *[("days", typed, "56") for typed in ("sat sun", "weekend", "Saturday, Sunday", "sat-sun")],
    ("days", "fri-mon", "0456"),
    ("days", "thurs", "3"),
    ("days", "tues, mon-mon", "01"),
    *[("topics", typed, ()) for typed in ("all", "", "Everything", ", ".join(CODES))],
    *[("topics", typed, ("CN",)) for typed in ("CN", "cnn", "conv", "Convolutional networks", "cn, CNN conv",
                                               "convolutional")],
    *[("topics", typed, ("ML", "CN")) for typed in (
        "cnn,mlp", "cn ml", "CNN and backprop", "Neurons, MLPs and backpropagation, Convolutional networks",
        "convolutional networks; neurons, mlps and backpropagation",
    )],
    *[("levels", typed, ()) for typed in ("all", "", "easy, medium, hard")],
    *[("levels", typed, ("easy", "hard")) for typed in ("easy,hard", "hard easy", "Easy and HARD", "easy/hard")],
    *[("closes", typed, 0) for typed in ("next", "0", "the next one", "NEXT")],
    *[("closes", typed, 24) for typed in ("24", "24h", "24 h", "24 hours", "1d", "1 day", "24hrs")],
    *[("closes", typed, 6) for typed in ("6 hours", "6", "06h")],
    ("closes", "7 days", 168),
    *[("thread", typed, True) for typed in ("yes", "Y", "true", "on", "1")],
    *[("changeable", typed, False) for typed in ("no", "N", "False", "off", "0")],
    *[("notify", typed, "") for typed in ("nobody", "None", "", "no one")],
    ("notify", "<@&123456789012345678>", "123456789012345678"),
    *[("notify", typed, "S0123AB") for typed in ("<!subteam^S0123AB|@study-group>", "<!subteam^S0123AB>")],
    *[("holidays", typed, "") for typed in ("none", "", "no")],
    *[("holidays", typed, HOLIDAYS) for typed in (
        "2026-12-24..2027-01-02, 2027-05-01",
        "2027-05-01 2026-12-24 to 2027-01-02",
        "2026-12-24 – 2027-01-02; 2027-05-01",
        "2026-12-24–2027-01-02 and 2027-05-01",
        "2026-12-24 - 2027-01-02, 2027-05-01",
        "2026-12-24…2027-01-02, 2027-05-01",
        "2026-12-24..2026-12-30, 2026-12-28 until 2027-01-02, 2027-05-01, 2027-05-01",
    )],
    *[("start", typed, date.min) for typed in ("", "now", "none", "today")],
    ("start", "2027-01-07", date(2027, 1, 7)),
    *[("catch_up", typed, 180) for typed in ("3h", "3", "180m", "3 hours", "2h 60m", "180 minutes")],
    *[("catch_up", typed, 90) for typed in ("90m", "90 min", "1h30m", "1 h 30 m")],
    *[("catch_up", typed, 0) for typed in ("0", "none", "0m", "no")],
    ("catch_up", "23h", 1380),
]  # fmt: skip

RUBBISH = [
    "🎉",
    "🎉" * 5000,
    "x" * 10_000,
    "9" * 10_000,
    " ".join(["mon"] * 5000),
    "\u202e\u200f",
    "'; DROP TABLE schedules; --",
    "<@123>",
    "@everyone",
    "<!channel>",
    "**bold** [link](https://example.com)",
    "\u0669\u0665",
    "-1",
    "1e3",
    "9:60",
    "25:00",
    "NaN",
    "\n\n\t,",
    "2026-02-30",
    "../../etc/passwd",
]

REFUSED = [
    *[("time", typed) for typed in ("24", "24:00", "9:5", "13pm", "0am", "9:00:00", "9 o'clock", "", "٩")],
    *[("zone", typed) for typed in ("", "Mars/Base", "europe", "UTC+25")],
    *[("days", typed) for typed in ("", "m", "t", "s", "monfri", "mon-", "-fri", "mon--fri", "all-fri", "and", "8")],
    *[("topics", typed) for typed in ("cooking", "cnn, cooking", ",", "&")],
    *[("levels", typed) for typed in ("harder", "easy, x", ",")],
    *[("closes", typed) for typed in ("", "169", "8 days", "-1", "1.5", "soon", "0h")],
    *[("thread", typed) for typed in ("", "maybe", "2")],
    *[("notify", typed) for typed in ("@study", "<@12>", "<!here>", "<@&>", "<@&1> <@&2>", "<!subteam^s1>")],
    *[("holidays", typed) for typed in ("1999-12-31", "xmas", "2026-13-01", "2026-12-24..", "2027-01-02..2026-12-24",
                                        "2026-12-24..2027", "2026-12-24 party", "12/24/2026")],
    *[("start", typed) for typed in ("tomorrow", "2026-2-3", "2026-02-30", "1999-01-01", "2101-01-01", "2026-W10-1")],
    *[("catch_up", typed) for typed in ("", "24h", "23h1m", "1381m", "h", "m", "-3", "3 days", "9999")],
]  # fmt: skip


def field(name: str) -> str:
    return PARTS[name][0]


@pytest.mark.parametrize(("name", "typed", "value"), READ)
def test_a_part_is_read(name: str, typed: str, value: object) -> None:
    plan = changed(PLAN, {name: typed}, TAXONOMY)
    assert getattr(plan, field(name)) == value
    if typed:
        assert changed(PLAN, {name: check(name, typed, TAXONOMY)}, TAXONOMY) == plan


@pytest.mark.parametrize(("name", "typed"), REFUSED)
def test_a_part_is_refused_with_what_to_type(name: str, typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        changed(PLAN, {name: typed}, TAXONOMY)
    assert refused.value.step
    assert "`" in refused.value.step or "Write" in refused.value.step


@pytest.mark.parametrize("typed", RUBBISH)
@pytest.mark.parametrize("name", PARTS)
def test_rubbish_is_refused_in_few_words_or_means_nothing(name: str, typed: str) -> None:
    means_nothing = {"topics": (), "levels": (), "notify": "", "holidays": "", "start": date.min}
    blank = not visible(typed) and field(name) in means_nothing
    if blank:
        assert getattr(changed(PLAN, {name: typed}, TAXONOMY), field(name)) == means_nothing[field(name)]
        return
    with pytest.raises(BadInput) as refused:
        changed(PLAN, {name: typed}, TAXONOMY)
    problem = refused.value.problem
    assert len(problem) < 300
    assert "**bold**" not in problem
    assert "\u202e" not in problem
    assert "<@" not in problem


@pytest.mark.parametrize("name", PARTS)
def test_a_command_with_nothing_to_see_in_it_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="shows nothing"):
        check(name, "\u202e\u200f \n", TAXONOMY)


def test_what_is_too_long_is_not_read_at_all() -> None:
    with pytest.raises(BadInput, match="longer than"):
        changed(PLAN, {"holidays": "2026-12-24 " * LONGEST}, TAXONOMY)
    days = [f"20{year:02}-{month:02}-01" for year in range(26, 32) for month in range(1, 13)]
    with pytest.raises(BadInput, match="too many holidays"):
        changed(PLAN, {"holidays": " ".join(days)}, TAXONOMY)


def test_several_parts_are_read_at_once_and_the_rest_stays() -> None:
    plan = changed(PLAN, {"time": "18:15", "days": "sat sun", "thread": "yes"}, TAXONOMY)
    assert plan == Plan(at=time(18, 15), zone="Europe/Berlin", weekdays="56", thread=True)
    assert changed(plan, {}, TAXONOMY) == plan


@pytest.mark.parametrize(("typed", "channel"), [("<#123>", "123"), ("<#C123|study>", "C123"), (" <#C1|> ", "C1")])
def test_a_channel_is_read(typed: str, channel: str) -> None:
    assert read_channel(typed) == channel


@pytest.mark.parametrize("typed", ["", "#study", "study", "<#>", "<#a b>", "<@&1>", "<#1><#2>", "🎉", "<#1:2>"])
def test_what_is_no_channel_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        read_channel(typed)


def test_a_date_is_read() -> None:
    assert read_date("2028-02-29") == date(2028, 2, 29)


PLANS = st.builds(
    Plan,
    at=st.times().map(lambda at: time(at.hour, at.minute)),
    zone=st.sampled_from(PLACES),
    weekdays=st.sets(st.sampled_from("0123456"), min_size=1).map(lambda days: "".join(sorted(days))),
    topics=st.sets(st.sampled_from(CODES), max_size=len(CODES) - 1).map(
        lambda codes: tuple(code for code in CODES if code in codes)
    ),
    levels=st.sampled_from([(), ("easy",), ("easy", "hard"), ("medium", "hard")]),
    closes=st.integers(0, 168),
    thread=st.booleans(),
    changeable=st.booleans(),
    notify=st.sampled_from(["", "123456789012345678", "S0123AB"]),
    holidays=st.sampled_from(["", HOLIDAYS, "2026-12-24"]),
    start=st.sampled_from([date.min, date(2027, 1, 7)]),
    catch_up=st.integers(0, 23 * 60),
)


@given(PLANS)
def test_what_a_form_is_filled_with_means_the_plan(plan: Plan) -> None:
    texts = texts_of(plan, TAXONOMY)
    assert set(texts) == set(PARTS)
    assert changed(PLAN, texts, TAXONOMY) == plan


@given(PLANS)
def test_words_and_columns_have_room_for_every_plan(plan: Plan) -> None:
    assert 10 < len(in_words(plan, TAXONOMY)) < 400
    assert len(" ".join(plan.topics)) <= 120
    assert timetable_of(plan).at == plan.at


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "09:00 Europe/Berlin, Mon–Fri; all topics; closes after 24 h"),
        (
            {"time": "7.05", "days": "daily", "topics": "cnn", "levels": "easy,hard", "closes": "next"},
            "07:05 Europe/Berlin, every day; Convolutional networks, easy or hard; closes when the next one is posted",
        ),
        (
            {"topics": "fd,ml,in,ac,lo,op", "days": "mon tue thu-sun"},
            (
                "09:00 Europe/Berlin, Mon, Tue, Thu–Sun; Foundations & mathematics, Neurons, MLPs and backpropagation, "
                "Initialisation & gradient flow, Activation functions, 2 more; closes after 24 h"
            ),
        ),
    ],
)
def test_a_plan_is_said_in_one_line(typed: dict[str, str], words: str) -> None:
    assert in_words(changed(PLAN, typed, TAXONOMY), TAXONOMY) == words


def test_days_and_times_are_said() -> None:
    assert [days_of(days) for days in ("0", "56", "0456", "135")] == [
        "Mon",
        "Sat, Sun",
        "Mon, Fri–Sun",
        "Tue, Thu, Sat",
    ]
    assert [span_of_time(minutes) for minutes in (0, 45, 60, 90)] == ["0", "45 m", "1 h", "1 h 30 m"]


def test_groups_are_written_as_their_platform_mentions_them() -> None:
    assert [mention_of(notify) for notify in ("", "12", "S12")] == ["", "<@&12>", "<!subteam^S12>"]


def test_a_timetable_has_the_holidays_and_the_start() -> None:
    plan = changed(PLAN, {"holidays": HOLIDAYS, "start": "2026-12-22"}, TAXONOMY)
    assert spans_of(plan) == (
        Span(date(2026, 12, 24), date(2027, 1, 2)),
        Span(date(2027, 5, 1), date(2027, 5, 1)),
    )
    timetable = timetable_of(plan)
    days = [date(2026, 12, 22)]
    while len(days) < 4 and (later := timetable.after(days[-1])):
        days.append(later)
    assert days == [date(2026, 12, 22), date(2026, 12, 23), date(2027, 1, 4), date(2027, 1, 5)]
