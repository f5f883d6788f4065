"""What is said of competitions in words: names, scores, rows, how they are scored, and what fits into a message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from fractions import Fraction

from bot.competing import Between, Competition, Correction, Rule
from bot.competition.reports import Report
from bot.competition.scoring import Place, winners
from bot.competition.wishes import REASON_NAMES
from bot.daily.plan import which
from bot.features.names import points_text
from bot.markup import escape, moment
from questions.taxonomy import Taxonomy

HIDDEN = "somebody who is hidden"
OTHERS = "others"
"""Who stands for members who are hidden: their points are summed."""
SHARED = 10
"""Winners who are named where many share the first place."""
LINE = 800
"""Characters of a line of members, after which another begins."""
_RULES = {
    Rule.MEAN: "A team's score is its members' points, divided by how many of them have any, at least by three.",
    Rule.TOP: "A team's score is the points of its three best members, divided by three.",
    Rule.SUM: "A team's score is all its members' points.",
}
_TEAM_TIES = (
    "Of equal scores, more points in all go first, then more members with points; "
    "those that are equal in all of that share the place."
)
_PEOPLE_TIES = "Those with equal points share the place."


def plain_name(place: Place, report: Report) -> str:
    """Return who is in a place, as plain text; hidden people are named to themselves alone."""
    return HIDDEN if place.entrant.hidden and place != report.own else place.entrant.name


def name_of(place: Place, report: Report) -> str:
    """Return who is in a place, as markup."""
    return escape(plain_name(place, report))


def score_text(score: Fraction) -> str:
    """Return a score with two decimals at most, rounded."""
    hundredths = (abs(score) * 100 + Fraction(1, 2)) // 1
    whole, part = divmod(int(hundredths), 100)
    text = f"{whole}.{part:02}".rstrip("0").rstrip(".")
    return f"-{text}" if score < 0 and hundredths else text


def place_line(place: Place, report: Report) -> str:
    """Return a row of the standings, marked where it is the reader's."""
    name = name_of(place, report)
    if report.competition.between is Between.PEOPLE:
        you = " — **you**" if place == report.own else ""
        return f"**{place.rank}.** {name} · {points_text(place.points)}{you}"
    yours = " — **your team**" if place == report.own else ""
    made = f"{points_text(place.points)}, {place.active} of {place.entrant.size} active"
    return f"**{place.rank}.** {name} · **{score_text(place.score)}** ({made}){yours}"


def standing_lines(report: Report, most: int) -> list[str]:
    """Return the best rows, and the reader's own where it is not among them."""
    shown = [place_line(place, report) for place in report.standing[:most]]
    own, more = report.own, len(report.standing) - len(shown)
    if own is not None and own not in report.standing[:most]:
        shown += ["…", place_line(own, report)]
    elif more > 0:
        shown.append(f"and {more} more")
    return shown


def member_lines(place: Place, report: Report) -> list[str]:
    """Return what each member of a team earned, in lines of bearable length; hidden members are summed."""
    named = [one for one in place.members if one.points and not one.hidden]
    hidden = sum(one.points for one in place.members if one.hidden)
    without = sum(not one.points for one in place.members)
    parts = [
        *(f"{escape(one.name)} {one.points}" for one in named),
        *([f"{OTHERS} {hidden}"] if hidden else []),
        *([f"{without} without points"] if without else []),
    ]
    lines = [f"**{name_of(place, report)}:** "]
    for at, part in enumerate(parts):
        if len(lines[-1]) + len(part) > LINE:
            lines.append("… ")
        lines[-1] += part if lines[-1].endswith(": ") or lines[-1] == "… " or not at else f", {part}"
    return lines


def won_line(report: Report) -> str:
    """Return who won; those who share the first place are named together."""
    first = winners(report.standing)
    if not first:
        return "Nobody earned points, so nobody won."
    score = points_text(first[0].points)
    if report.competition.between is Between.TEAMS:
        score = f"a score of {score_text(first[0].score)}"
    names = [f"**{name_of(place, report)}**" for place in first[:SHARED]]
    more = len(first) - len(names)
    if len(first) == 1:
        return f"{names[0]} won with {score}."
    named = [*names, *([f"{more} more"] if more else [])]
    return f"{', '.join(named[:-1])} and {named[-1]} won together, each with {score}."


def correction_line(one: Correction, reader: int | None) -> str:
    """Return what a moderator changed after the end, for whom and why."""
    name = HIDDEN if one.hidden and one.person != reader else escape(one.name)
    why = f": {escape(one.note)}" if one.note.strip() else ""
    gave = "gave" if one.points > 0 else "took"
    way = "to" if one.points > 0 else "from"
    return f"{moment(one.at)} {escape(one.by)} {gave} {points_text(abs(one.points))} {way} {name}{why}"


def scored(competition: Competition) -> str:
    """Return how it is scored."""
    return _RULES[competition.rule] if competition.between is Between.TEAMS else "A person's points are their score."


def ties(competition: Competition) -> str:
    """Return what becomes of equal scores."""
    return _TEAM_TIES if competition.between is Between.TEAMS else _PEOPLE_TIES


def counting(competition: Competition, taxonomy: Taxonomy) -> str:
    """Return which points count."""
    reasons = [REASON_NAMES[reason] for reason in competition.reasons]
    listed = f"{', '.join(reasons[:-1])} and {reasons[-1]}" if len(reasons) > 1 else reasons[0]
    return f"{listed}; {which(competition.topics, competition.levels, taxonomy)}"


def span(length: timedelta) -> str:
    """Return a length in its two largest units, such as ``2 days and 3 hours``."""
    minutes = max(int(length.total_seconds()) // 60, 0)
    units = [("day", minutes // 1440), ("hour", minutes // 60 % 24), ("minute", minutes % 60)]
    while len(units) > 1 and not units[0][1]:
        units = units[1:]
    parts = [f"{count} {name}{'' if count == 1 else 's'}" for name, count in units[:2] if count]
    return " and ".join(parts) or "less than a minute"


def fitting(lines: Sequence[str], room: int) -> str:
    """Return the first lines that fit, and how many more there are."""
    for kept in range(len(lines), 0, -1):
        more = [f"and {len(lines) - kept} more"] if kept < len(lines) else []
        text = "\n".join([*lines[:kept], *more])
        if len(text) <= room:
            return text
    return ""


def pages(lines: Iterable[str], room: int) -> list[str]:
    """Return lines as pages, each as full as may be."""
    found: list[str] = []
    for line in lines:
        if found and len(found[-1]) + 1 + len(line) <= room:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return found
