"""Live rounds: the rounds, what they ask, who plays, and the answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _rounds()
    _questions()
    _players()
    _answers()


def _rounds() -> None:
    op.create_table(
        "rounds",
        sa.Column("id", ID, nullable=False),
        sa.Column("place", sa.String(length=150), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("channel_thread", sa.String(length=40), nullable=False),
        sa.Column("host_id", ID, nullable=False),
        sa.Column("topic", sa.String(length=2), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("questions", sa.SmallInteger(), nullable=False),
        sa.Column("seconds", sa.SmallInteger(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("speed", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("message_channel", sa.String(length=40), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("ending", sa.String(length=10), nullable=False),
        sa.Column("paying", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["host_id"], ["people.id"], name=op.f("fk_rounds_host_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("place", name=op.f("uq_rounds_place")),
        comment="Live rounds; place is their channel while they live, so that there is one, and theirs alone afterwards",
    )
    op.create_index(op.f("ix_rounds_workspace_state"), "rounds", ["workspace", "state"], unique=False)
    op.create_index(op.f("ix_rounds_workspace_channel"), "rounds", ["workspace", "channel"], unique=False)


def _questions() -> None:
    op.create_table(
        "round_questions",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.String(length=8), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("shown_order", sa.String(length=20), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("message_channel", sa.String(length=40), nullable=False),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_questions_round_id")),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_round_questions")),
    )


def _players() -> None:
    op.create_table(
        "round_players",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("joined_at", INSTANT, nullable=False),
        sa.Column("team_id", ID, nullable=True),
        sa.Column("side", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_round_players_person_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_players_round_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_round_players_team_id")),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_round_players")),
    )
    op.create_index(op.f("ix_round_players_person_id"), "round_players", ["person_id"], unique=False)


def _answers() -> None:
    op.create_table(
        "round_answers",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("paid", sa.Integer(), nullable=False),
        sa.Column("serving_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_round_answers_person_id")),
        sa.ForeignKeyConstraint(
            ["round_id", "number"],
            ["round_questions.round_id", "round_questions.number"],
            name=op.f("fk_round_answers_question"),
        ),
        sa.ForeignKeyConstraint(["serving_id"], ["servings.id"], name=op.f("fk_round_answers_serving_id")),
        sa.PrimaryKeyConstraint("round_id", "number", "person_id", name=op.f("pk_round_answers")),
        comment="One answer to each question of a round from each person; once settled it is a serving like any other",
    )
    op.create_index(op.f("ix_round_answers_person_id"), "round_answers", ["person_id"], unique=False)
    op.create_index(op.f("ix_round_answers_round_id_settled"), "round_answers", ["round_id", "settled"], unique=False)
