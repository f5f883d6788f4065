"""The tables of points: the ledger, and the standings that repeat its sums so that no page reads history."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    text,
)

from adapters.storage.schema import Id, Instant, metadata

PERIOD = 24
"""Characters of a board's key."""

_BY_SOMEBODY = text("by_person_id IS NOT NULL")
"""What moderators gave or took: a few rows among many."""

ledger = Table(
    "ledger",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("workspace", String(64), nullable=False),
    Column("points", Integer, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("question", String(40), nullable=False),
    Column("serving_id", Id, ForeignKey("servings.id"), unique=True),
    Column("season", String(10), nullable=False),
    Column("day", Date, nullable=False),
    Column("periods", String(400), nullable=False),
    Column("note", String(200), nullable=False),
    Column("at", Instant, nullable=False),
    Column("team_id", Id, ForeignKey("teams.id")),
    Column("contests", String(400), nullable=False, server_default=""),
    Column("by_person_id", Id, ForeignKey("people.id")),
    Column("voids_id", Id, ForeignKey("ledger.id"), unique=True),
    Index(None, "person_id", "question", "season"),
    Index(None, "person_id", "day", "reason"),
    Index(None, "workspace", "at", sqlite_where=_BY_SOMEBODY, postgresql_where=_BY_SOMEBODY),
    comment="Every point and why; periods and contests name the boards on which it counts",
)

standings = Table(
    "standings",
    metadata,
    Column("workspace", String(64), primary_key=True),
    Column("period", String(PERIOD), primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("points", Integer, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Index(None, "person_id"),
    comment="Sums of the ledger, kept in its transactions; hidden repeats people.hidden so that an index can rank",
)
Index(
    None,
    standings.c.workspace,
    standings.c.period,
    standings.c.hidden,
    standings.c.points.desc(),
    standings.c.person_id,
)

rank_tallies = Table(
    "rank_tallies",
    metadata,
    Column("workspace", String(64), primary_key=True),
    Column("period", String(PERIOD), primary_key=True),
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("bucket", BigInteger, primary_key=True, autoincrement=False),
    Column("people", Integer, nullable=False),
    comment="How many people or teams are on a board with the same score but for some last bits: a rank is a few sums",
)

contributions = Table(
    "contributions",
    metadata,
    Column("workspace", String(64), primary_key=True),
    Column("period", String(PERIOD), primary_key=True),
    Column("team_id", Id, ForeignKey("teams.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("points", Integer, nullable=False),
    comment="What each person earned for a team, also one that they left",
)

team_standings = Table(
    "team_standings",
    metadata,
    Column("workspace", String(64), primary_key=True),
    Column("period", String(PERIOD), primary_key=True),
    Column("team_id", Id, ForeignKey("teams.id"), primary_key=True),
    Column("points", Integer, nullable=False),
    Column("active", Integer, nullable=False),
    Column("mean", BigInteger, nullable=False),
    comment="Sums of contributions; mean is thousandths of points over the active members, at least three",
)
Index(None, team_standings.c.workspace, team_standings.c.period, team_standings.c.mean.desc(), team_standings.c.team_id)
