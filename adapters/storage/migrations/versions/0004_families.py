"""The seed with which a question of a family was drawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let servings hold a seed."""
    with op.batch_alter_table("servings") as servings:
        servings.add_column(sa.Column("seed", sa.BigInteger(), nullable=False, server_default="0"))
