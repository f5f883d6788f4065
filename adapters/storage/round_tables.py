"""The tables of live rounds: the rounds, what they ask, who plays, and the answers."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, SmallInteger, String, Table, Text
from sqlalchemy import ForeignKeyConstraint as ForeignKeys

from adapters.storage.schema import Id, Instant, metadata

rounds = Table(
    "rounds",
    metadata,
    Column("id", Id, primary_key=True),
    Column("place", String(150), nullable=False, unique=True),
    Column("workspace", String(64), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("channel_thread", String(40), nullable=False),
    Column("host_id", Id, ForeignKey("people.id"), nullable=False),
    Column("topic", String(2), nullable=False),
    Column("level", String(10), nullable=False),
    Column("questions", SmallInteger, nullable=False),
    Column("seconds", SmallInteger, nullable=False),
    Column("mode", String(10), nullable=False),
    Column("speed", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("message_channel", String(40), nullable=False),
    Column("message", String(40), nullable=False),
    Column("ending", String(10), nullable=False),
    Column("paying", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
    Index(None, "workspace", "state"),
    Index(None, "workspace", "channel"),
    comment="Live rounds; place is their channel while they live, so that there is one, and theirs alone afterwards",
)

round_questions = Table(
    "round_questions",
    metadata,
    Column("round_id", Id, ForeignKey("rounds.id"), primary_key=True),
    Column("number", SmallInteger, primary_key=True, autoincrement=False),
    Column("state", String(10), nullable=False),
    Column("question", String(40), nullable=False),
    Column("revision", String(8), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("shown_order", String(20), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("reopened", Boolean, nullable=False),
    Column("told", Boolean, nullable=False),
    Column("message_channel", String(40), nullable=False),
    Column("message", String(40), nullable=False),
)

round_players = Table(
    "round_players",
    metadata,
    Column("round_id", Id, ForeignKey("rounds.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("joined_at", Instant, nullable=False),
    Column("team_id", Id, ForeignKey("teams.id")),
    Column("side", String(80), nullable=False),
    Index(None, "person_id"),
)

round_answers = Table(
    "round_answers",
    metadata,
    Column("round_id", Id, primary_key=True),
    Column("number", SmallInteger, primary_key=True, autoincrement=False),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("response", Text, nullable=False),
    Column("score", SmallInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("points", Integer, nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("paid", Integer, nullable=False),
    Column("serving_id", Id, ForeignKey("servings.id")),
    ForeignKeys(
        ["round_id", "number"], ["round_questions.round_id", "round_questions.number"], name="fk_round_answers_question"
    ),
    Index(None, "round_id", "settled"),
    Index(None, "person_id"),
    comment="One answer to each question of a round from each person; once settled it is a serving like any other",
)
