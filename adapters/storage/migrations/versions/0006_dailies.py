"""Questions of the day: schedules, posts, answers, errands; streaks that know freezes, late days and moves of zone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; the freezes that streaks of before had earned are there, and no older day changes any more."""
    _errands()
    _schedules()
    _dailies()
    _people()
    op.execute(
        "UPDATE people SET base_day = last_day, base_streak = streak,"
        " freezes = CASE WHEN streak >= 14 THEN 2 WHEN streak >= 7 THEN 1 ELSE 0 END"
    )
    op.execute("UPDATE people SET base_freezes = freezes")


def _errands() -> None:
    op.create_table(
        "errands",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("act_at", INSTANT, nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("began", INSTANT, nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_errands")),
        comment="What is to be done at an instant; a claim moves act_at to the end of its lease",
    )
    op.create_index(op.f("ix_errands_act_at"), "errands", ["act_at"], unique=False)
    op.create_index(op.f("ix_errands_owner"), "errands", ["owner"], unique=False)


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", ID, nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("channel_thread", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("trouble", sa.String(length=300), nullable=False),
        sa.Column("next_day", sa.Date(), nullable=True),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("topics", sa.String(length=120), nullable=False),
        sa.Column("levels", sa.String(length=40), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("thread", sa.Boolean(), nullable=False),
        sa.Column("changeable", sa.Boolean(), nullable=False),
        sa.Column("notify", sa.String(length=40), nullable=False),
        sa.Column("holidays", sa.Text(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("catch_up", sa.Integer(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_schedules_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )
    op.create_index(op.f("ix_schedules_workspace_state"), "schedules", ["workspace", "state"], unique=False)
    op.create_table(
        "daily_queue",
        sa.Column("id", ID, nullable=False),
        sa.Column("schedule_id", ID, nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_daily_queue_person_id")),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedules.id"], name=op.f("fk_daily_queue_schedule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_queue")),
        sa.UniqueConstraint("schedule_id", "question", name=op.f("uq_daily_queue_schedule_id_question")),
        comment="Questions that moderators want posted before all others",
    )


def _dailies() -> None:
    op.create_table(
        "dailies",
        sa.Column("id", ID, nullable=False),
        sa.Column("schedule_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("channel_thread", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.String(length=8), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("shown_order", sa.String(length=20), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("changeable", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("message_channel", sa.String(length=40), server_default="", nullable=False),
        sa.Column("message", sa.String(length=40), server_default="", nullable=False),
        sa.Column("thread", sa.String(length=40), server_default="", nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedules.id"], name=op.f("fk_dailies_schedule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dailies")),
        sa.UniqueConstraint("schedule_id", "day", name=op.f("uq_dailies_schedule_id_day")),
        comment="The question of a schedule's date: the row decides, so that there is one whatever the clock does",
    )
    op.create_index(
        op.f("ix_dailies_workspace_channel_question"), "dailies", ["workspace", "channel", "question"], unique=False
    )
    op.create_index(op.f("ix_dailies_workspace_day"), "dailies", ["workspace", "day"], unique=False)
    op.create_index(op.f("ix_dailies_workspace_state"), "dailies", ["workspace", "state"], unique=False)
    op.create_table(
        "daily_answers",
        sa.Column("daily_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("serving_id", ID, nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["daily_id"], ["dailies.id"], name=op.f("fk_daily_answers_daily_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_daily_answers_person_id")),
        sa.ForeignKeyConstraint(["serving_id"], ["servings.id"], name=op.f("fk_daily_answers_serving_id")),
        sa.PrimaryKeyConstraint("daily_id", "person_id", name=op.f("pk_daily_answers")),
        comment="One answer to a question of the day from each person; once settled it is a serving like any other",
    )
    op.create_index(
        op.f("ix_daily_answers_daily_id_late_at"), "daily_answers", ["daily_id", "late", "at"], unique=False
    )
    op.create_index(op.f("ix_daily_answers_person_id"), "daily_answers", ["person_id"], unique=False)


def _people() -> None:
    op.create_table(
        "active_days",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_active_days_person_id")),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_active_days")),
        comment="Days on which a person answered something; those not counted are excused, because a zone skipped them",
    )
    with op.batch_alter_table("people") as batch_op:
        batch_op.add_column(sa.Column("freezes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("base_streak", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("base_freezes", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("base_day", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("study", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("reminders", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("zone_before", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("zone_changed_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("day_floor", sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f("ix_people_study_reminders"), ["study", "reminders"], unique=False)
