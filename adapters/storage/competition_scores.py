"""How competitions stand, in the database: bounded by their rosters, whatever history there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, func, literal, select

from adapters.storage.competition_tables import entrants, rosters, team_members, teams
from adapters.storage.ledger_tables import ledger, standings
from adapters.storage.shown_names import shown_name
from adapters.storage.statements import Statements
from adapters.storage.tables import people
from bot.competing import STEPS, Between, Competition, CompetitionState, Correction, Entrant, Gain, Score

_SHOWN = shown_name().label("shown")


async def entrants_of(statements: Statements, competition: Competition) -> Sequence[Entrant]:
    """Return who competes, by id: until the start who would at this moment, from then on who is on the roster."""
    is_open = competition.state in (CompetitionState.OPEN, CompetitionState.CANCELLED)  # the latter never has a roster
    if competition.between is Between.PEOPLE:
        who = entrants if is_open else rosters
        rows = select(people.c.id, _SHOWN, people.c.hidden).join(who, who.c.person_id == people.c.id)
        found = await statements.execute(rows.where(who.c.competition_id == competition.id).order_by(people.c.id))
        return [Entrant(row.id, row.shown, 1, row.hidden) for row in found]
    joined = _would(competition) if is_open else _locked(competition)
    named = joined.group_by(teams.c.id, teams.c.name, teams.c.emoji).order_by(teams.c.id)
    return [_team(row) for row in await statements.execute(named)]


async def scores_of(statements: Statements, competition: Competition) -> Sequence[Score]:
    """Return what everybody on the roster has earned, by person."""
    theirs = and_(
        standings.c.workspace == competition.channel.workspace.key,
        standings.c.period == competition.key,
        standings.c.person_id == rosters.c.person_id,
    )
    points = func.coalesce(standings.c.points, 0).label("points")
    rows = (
        select(rosters.c.person_id, rosters.c.team_id, _SHOWN, people.c.hidden, points)
        .join(people, people.c.id == rosters.c.person_id)
        .outerjoin(standings, theirs)
        .where(rosters.c.competition_id == competition.id)
        .order_by(rosters.c.person_id)
    )
    return [
        Score(row.person_id, row.shown, row.hidden, row.team_id or row.person_id, row.points)
        for row in await statements.execute(rows)
    ]


async def gains_of(statements: Statements, competition: Competition) -> Sequence[Gain]:
    """Return what everybody on the roster earned in each step in which they earned something."""
    steps = [f"{competition.key}.{step:02}" for step in range(STEPS)]
    rows = (
        select(standings.c.period, standings.c.person_id, standings.c.points)
        .join(rosters, rosters.c.person_id == standings.c.person_id)
        .where(
            rosters.c.competition_id == competition.id,
            standings.c.workspace == competition.channel.workspace.key,
            standings.c.period.in_(steps),
            standings.c.points != 0,
        )
        .order_by(standings.c.period, standings.c.person_id)
    )
    return [
        Gain(int(row.period.rpartition(".")[2]), row.person_id, row.points) for row in await statements.execute(rows)
    ]


async def corrections_of(statements: Statements, competition: Competition) -> Sequence[Correction]:
    """Return what moderators changed after the end, first first."""
    moderator = people.alias()
    by = shown_name(moderator).label("by")
    keys = literal(" ").concat(ledger.c.contests).concat(" ")
    rows = (
        select(ledger.c.person_id, ledger.c.points, ledger.c.note, ledger.c.at, _SHOWN, people.c.hidden, by)
        .join(people, people.c.id == ledger.c.person_id)
        .join(moderator, moderator.c.id == ledger.c.by_person_id)
        .where(
            ledger.c.workspace == competition.channel.workspace.key,
            ledger.c.by_person_id.is_not(None),
            ledger.c.at >= competition.ends_at,
            keys.contains(f" {competition.key} "),
        )
        .order_by(ledger.c.id)
    )
    return [
        Correction(row.person_id, row.shown, row.hidden, row.points, row.note, row.by, row.at)
        for row in await statements.execute(rows)
    ]


def _would(competition: Competition) -> Select[Any]:
    """Select the teams that entered and have somebody in them; of one that was disbanded nobody is left."""
    return (
        select(teams.c.id, teams.c.name, teams.c.emoji, func.count().label("size"))
        .join(entrants, entrants.c.team_id == teams.c.id)
        .join(team_members, team_members.c.team_id == teams.c.id)
        .where(entrants.c.competition_id == competition.id)
    )


def _locked(competition: Competition) -> Select[Any]:
    """Select the teams on the roster."""
    return (
        select(teams.c.id, teams.c.name, teams.c.emoji, func.count().label("size"))
        .join(rosters, rosters.c.team_id == teams.c.id)
        .where(rosters.c.competition_id == competition.id)
    )


def _team(row: Row[Any]) -> Entrant:
    return Entrant(row.id, f"{row.emoji} {row.name}".strip(), row.size)
