"""The tables of teams and of competitions between them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from adapters.storage.schema import Id, Instant, metadata

teams = Table(
    "teams",
    metadata,
    Column("id", Id, primary_key=True),
    Column("workspace", String(64), nullable=False),
    Column("name", String(40), nullable=False),
    Column("folded", String(120), nullable=False),
    Column("emoji", String(40), nullable=False),
    Column("captain_id", Id, ForeignKey("people.id"), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("disbanded", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
    UniqueConstraint("workspace", "folded"),
    comment="Named groups; folded is the name as it is compared, which one that was disbanded gives free",
)

team_members = Table(
    "team_members",
    metadata,
    Column("workspace", String(64), primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("team_id", Id, ForeignKey("teams.id"), nullable=False),
    Column("joined_at", Instant, nullable=False),
    Index(None, "team_id"),
    comment="Who is in which team: one for each person and workspace",
)

team_invitations = Table(
    "team_invitations",
    metadata,
    Column("team_id", Id, ForeignKey("teams.id"), primary_key=True),
    Column("space", String(40), primary_key=True),
    Column("user_id", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
    comment="Who may join a team, by the platform's id: somebody who never did anything can be invited",
)

team_rules = Table(
    "team_rules",
    metadata,
    Column("workspace", String(64), primary_key=True),
    Column("size_limit", Integer, nullable=False),
    comment="What moderators decided on the teams of a workspace",
)

competitions = Table(
    "competitions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("workspace", String(64), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("channel_thread", String(40), nullable=False),
    Column("name", String(40), nullable=False),
    Column("between", String(10), nullable=False),
    Column("rule", String(10), nullable=False),
    Column("topics", String(120), nullable=False),
    Column("levels", String(40), nullable=False),
    Column("reasons", String(40), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("planned_end", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    Column("owner_id", Id, ForeignKey("people.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Index(None, "workspace", "state", "starts_at"),
)

entrants = Table(
    "entrants",
    metadata,
    Column("competition_id", Id, ForeignKey("competitions.id"), primary_key=True),
    Column("team_id", Id, primary_key=True, autoincrement=False),
    Column("person_id", Id, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    comment="Who entered a competition: a team with person 0, or a person with team 0",
)

rosters = Table(
    "rosters",
    metadata,
    Column("competition_id", Id, ForeignKey("competitions.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("team_id", Id, ForeignKey("teams.id")),
    Index(None, "person_id"),
    comment="Who competes, and for which team: as it was when the competition started",
)

summaries = Table(
    "summaries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("workspace", String(64), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("channel_thread", String(40), nullable=False),
    Column("at", String(5), nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    UniqueConstraint("workspace", "channel", "channel_thread"),
    comment="Channels that want a summary of each week, and at what time on Mondays",
)
