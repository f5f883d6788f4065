"""Teams and their standings; boards of days and of topics; ranks without counting everybody."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BOARD = sa.String(length=24)
LEVELS = (0, 6, 12)
TOGETHER = 500


def upgrade() -> None:
    """Make the tables, widen the ledger, and sum it up for the boards that are new."""
    _teams()
    _points()
    _widen()
    _sum_up()


def _teams() -> None:
    op.create_table(
        "teams",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("folded", sa.String(length=120), nullable=False),
        sa.Column("emoji", sa.String(length=40), nullable=False),
        sa.Column("captain_id", ID, nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("disbanded", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["captain_id"], ["people.id"], name=op.f("fk_teams_captain_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("workspace", "folded", name=op.f("uq_teams_workspace_folded")),
        comment="Named groups; folded is the name as it is compared, which one that was disbanded gives free",
    )
    op.create_table(
        "team_members",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_team_members_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id")),
        sa.PrimaryKeyConstraint("workspace", "person_id", name=op.f("pk_team_members")),
        comment="Who is in which team: one for each person and workspace",
    )
    op.create_index(op.f("ix_team_members_team_id"), "team_members", ["team_id"], unique=False)
    op.create_table(
        "team_invitations",
        sa.Column("team_id", ID, nullable=False),
        sa.Column("space", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_invitations_team_id")),
        sa.PrimaryKeyConstraint("team_id", "space", "user_id", name=op.f("pk_team_invitations")),
        comment="Who may join a team, by the platform's id: somebody who never did anything can be invited",
    )
    op.create_table(
        "team_rules",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("size_limit", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_team_rules")),
        comment="What moderators decided on the teams of a workspace",
    )


def _points() -> None:
    op.create_table(
        "rank_tallies",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("period", BOARD, nullable=False),
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("bucket", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "period", "level", "bucket", name=op.f("pk_rank_tallies")),
        comment="How many people or teams are on a board with the same score but for some last bits: a rank is a few sums",
    )
    op.create_table(
        "contributions",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("period", BOARD, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contributions_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_contributions_team_id")),
        sa.PrimaryKeyConstraint("workspace", "period", "team_id", "person_id", name=op.f("pk_contributions")),
        comment="What each person earned for a team, also one that they left",
    )
    op.create_table(
        "team_standings",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("period", BOARD, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("mean", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_standings_team_id")),
        sa.PrimaryKeyConstraint("workspace", "period", "team_id", name=op.f("pk_team_standings")),
        comment="Sums of contributions; mean is thousandths of points over the active members, at least three",
    )
    op.create_index(
        op.f("ix_team_standings_workspace_period_mean_team_id"),
        "team_standings",
        ["workspace", "period", sa.text("mean DESC"), "team_id"],
        unique=False,
    )


def _widen() -> None:
    with op.batch_alter_table("ledger") as ledger:
        ledger.alter_column("periods", type_=sa.String(length=400), existing_nullable=False)
        ledger.add_column(sa.Column("team_id", ID, nullable=True))
        ledger.add_column(sa.Column("contests", sa.String(length=400), nullable=False, server_default=""))
        ledger.add_column(sa.Column("by_person_id", ID, nullable=True))
        ledger.add_column(sa.Column("voids_id", ID, nullable=True))
        ledger.create_foreign_key(op.f("fk_ledger_team_id"), "teams", ["team_id"], ["id"])
        ledger.create_foreign_key(op.f("fk_ledger_by_person_id"), "people", ["by_person_id"], ["id"])
        ledger.create_foreign_key(op.f("fk_ledger_voids_id"), "ledger", ["voids_id"], ["id"])
        ledger.create_unique_constraint(op.f("uq_ledger_voids_id"), ["voids_id"])
        ledger.create_table_comment("Every point and why; periods and contests name the boards on which it counts")
    op.drop_index("ix_standings_workspace_period_hidden_points", table_name="standings")
    with op.batch_alter_table("standings") as standings:
        standings.alter_column("period", type_=BOARD, existing_nullable=False)
    op.create_index(
        op.f("ix_standings_workspace_period_hidden_points_person_id"),
        "standings",
        ["workspace", "period", "hidden", sa.text("points DESC"), "person_id"],
        unique=False,
    )


def _sum_up() -> None:
    """Let what was earned before count on the boards of days and topics too: a question's id begins with its topic."""
    connection = op.get_bind()
    connection.execute(sa.text("UPDATE ledger SET periods = periods || ' ' || CAST(day AS VARCHAR(10))"))
    connection.execute(
        sa.text(
            "UPDATE ledger SET periods = periods || ' ' || replace(periods, ' ', '/' || substr(question, 1, 2) || ' ')"
            " || '/' || substr(question, 1, 2)"
        )
    )
    connection.execute(sa.text("DELETE FROM standings"))
    last = connection.execute(sa.text("SELECT coalesce(max(id), 0) FROM people")).scalar_one()
    for first in range(1, last + 1, TOGETHER):
        _sum_up_people(first, first + TOGETHER)
    for level, bits in enumerate(LEVELS):
        connection.execute(
            sa.text(
                "INSERT INTO rank_tallies (workspace, period, level, bucket, people)"
                " SELECT workspace, period, CAST(:level AS SMALLINT), bucket, count(*)"
                " FROM (SELECT workspace, period, points >> :bits AS bucket FROM standings"
                " WHERE points > 0 AND NOT hidden) AS shown GROUP BY workspace, period, bucket"
            ),
            {"level": level, "bits": bits},
        )


def _sum_up_people(first: int, end: int) -> None:
    """Keep what some people have on every board: a few at a time, so that any history fits into memory."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT ledger.workspace, ledger.periods, ledger.person_id, ledger.points, people.hidden"
            " FROM ledger JOIN people ON people.id = ledger.person_id WHERE person_id >= :first AND person_id < :end"
        ),
        {"first": first, "end": end},
    )
    sums: Counter[tuple[str, str, int, bool]] = Counter()
    for row in rows:
        for period in row.periods.split():
            sums[row.workspace, period, row.person_id, bool(row.hidden)] += row.points
    if sums:
        op.get_bind().execute(
            sa.text("INSERT INTO standings (workspace, period, person_id, points, hidden) VALUES (:w, :p, :i, :n, :h)"),
            [{"w": w, "p": p, "i": i, "n": n, "h": h} for (w, p, i, h), n in sums.items()],
        )
