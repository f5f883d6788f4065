"""Where Warmup is, who answers an event, which commands a platform knows, and posts that are made once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what chat platforms need."""
    op.create_table(
        "workspaces",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("here", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_workspaces")),
        comment="Where Warmup is and was: a workspace that removed it is not posted to again",
    )
    op.create_index(op.f("ix_workspaces_platform_here"), "workspaces", ["platform", "here"], unique=False)
    op.create_table(
        "claims",
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_claims")),
        comment="Which events have been taken: of several processes that are told of one, a single one answers",
    )
    op.create_index(op.f("ix_claims_at"), "claims", ["at"], unique=False)
    op.create_table(
        "command_syncs",
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_command_syncs")),
        comment="The commands that a platform was told of last, by their digest, and who tells it now",
    )
    with op.batch_alter_table("browser_messages") as messages:
        messages.add_column(sa.Column("key", sa.String(length=80), nullable=True))
        messages.create_unique_constraint(op.f("uq_browser_messages_key"), ["key"])
