"""Statistics of questions, whether a person answered one before, where it was reported, and moderators' rulings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what tells good questions from bad ones; what was answered and reported before is known of too."""
    op.create_table(
        "item_stats",
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.String(length=8), nullable=False),
        sa.Column("option", sa.SmallInteger(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("answers", "score", "score_squares", "ability", "ability_squares", "products")
        ),
        sa.PrimaryKeyConstraint("question", "revision", "option", name=op.f("pk_item_stats")),
        comment="Sums over first answers, kept in their transactions; option -1 is all of them, others who chose that one",
    )
    op.create_table(
        "rulings",
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.String(length=8), nullable=False),
        sa.Column("out", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_rulings_person_id")),
        sa.PrimaryKeyConstraint("workspace", "question", "revision", name=op.f("pk_rulings")),
        comment="What a workspace's moderators decided on a question last: out takes it out of drawing there",
    )
    op.create_index(op.f("ix_rulings_out"), "rulings", ["out"], unique=False)
    with op.batch_alter_table("sightings") as sightings:
        sightings.add_column(sa.Column("answered", sa.Boolean(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE sightings SET answered = '1' WHERE (person_id, question) IN"
        " (SELECT person_id, question FROM servings WHERE state = 'answered')"
    )
    op.drop_index(op.f("ix_reports_question_state"), "reports")
    with op.batch_alter_table("reports") as reports:
        reports.add_column(sa.Column("workspace", sa.String(length=64), nullable=False, server_default=""))
        reports.drop_constraint(op.f("uq_reports_person_id_question_revision"), type_="unique")
        reports.create_unique_constraint(
            op.f("uq_reports_person_id_workspace_question_revision"),
            ["person_id", "workspace", "question", "revision"],
        )
    op.create_index(
        op.f("ix_reports_state_workspace_question_revision"),
        "reports",
        ["state", "workspace", "question", "revision"],
        unique=False,
    )
    op.execute(
        "UPDATE reports SET workspace = coalesce((SELECT max(servings.workspace) FROM servings"
        " WHERE servings.person_id = reports.person_id AND servings.question = reports.question"
        " AND servings.revision = reports.revision), '')"
    )
