"""Competitions: who entered, the rosters as they were at the start, and what moderators changed afterwards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "competitions",
        sa.Column("id", ID, nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("channel_thread", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("between", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=10), nullable=False),
        sa.Column("topics", sa.String(length=120), nullable=False),
        sa.Column("levels", sa.String(length=40), nullable=False),
        sa.Column("reasons", sa.String(length=40), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("planned_end", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_competitions_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competitions")),
    )
    op.create_index(
        op.f("ix_competitions_workspace_state_starts_at"),
        "competitions",
        ["workspace", "state", "starts_at"],
        unique=False,
    )
    op.create_table(
        "entrants",
        sa.Column("competition_id", ID, nullable=False),
        sa.Column("team_id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["competition_id"], ["competitions.id"], name=op.f("fk_entrants_competition_id")),
        sa.PrimaryKeyConstraint("competition_id", "team_id", "person_id", name=op.f("pk_entrants")),
        comment="Who entered a competition: a team with person 0, or a person with team 0",
    )
    op.create_table(
        "rosters",
        sa.Column("competition_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["competition_id"], ["competitions.id"], name=op.f("fk_rosters_competition_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_rosters_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_rosters_team_id")),
        sa.PrimaryKeyConstraint("competition_id", "person_id", name=op.f("pk_rosters")),
        comment="Who competes, and for which team: as it was when the competition started",
    )
    op.create_index(op.f("ix_rosters_person_id"), "rosters", ["person_id"], unique=False)
    by_somebody = sa.text("by_person_id IS NOT NULL")
    op.create_index(
        op.f("ix_ledger_workspace_at"),
        "ledger",
        ["workspace", "at"],
        unique=False,
        sqlite_where=by_somebody,
        postgresql_where=by_somebody,
    )
