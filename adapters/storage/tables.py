"""The tables, as the newest migration leaves them; a test compares the two."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

import adapters.storage.competition_tables
import adapters.storage.daily_tables
import adapters.storage.ledger_tables
import adapters.storage.reward_tables
import adapters.storage.round_tables  # noqa: F401 - whoever compares or empties all tables means these too
from adapters.storage.schema import Id, Instant, metadata

people = Table(
    "people",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("space", String(40), nullable=False),
    Column("user_id", String(40), nullable=False),
    Column("name", String(100), nullable=False),
    Column("shown_name", String(40), nullable=False, server_default=""),
    Column("hidden", Boolean, nullable=False, server_default="0"),
    Column("zone", String(64), nullable=False, server_default=""),
    Column("platform_zone", String(64), nullable=False, server_default=""),
    Column("streak", Integer, nullable=False, server_default="0"),
    Column("best_streak", Integer, nullable=False, server_default="0"),
    Column("last_day", Date),
    Column("entered_at", Instant, nullable=False),
    # The streak is as of last_day, base_* as of a day so old that no late answer comes for it any more.
    Column("freezes", Integer, nullable=False, server_default="0"),
    Column("base_streak", Integer, nullable=False, server_default="0"),
    Column("base_freezes", Integer, nullable=False, server_default="0"),
    Column("base_day", Date),
    Column("study", String(64), nullable=False, server_default=""),
    Column("reminders", Boolean, nullable=False, server_default="0"),
    Column("zone_before", String(64), nullable=False, server_default=""),
    Column("zone_changed_at", Instant),
    Column("day_floor", Date),
    UniqueConstraint("platform", "space", "user_id"),
    Index(None, "study", "reminders"),
)

servings = Table(
    "servings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("workspace", String(64), nullable=False),
    Column("question", String(40), nullable=False),
    Column("revision", String(8), nullable=False),
    Column("wanted", String(40), nullable=False),
    Column("shown_order", String(20), nullable=False),
    Column("state", String(10), nullable=False),
    Column("hinted", Boolean, nullable=False),
    Column("response", Text, nullable=False),
    Column("score", SmallInteger, nullable=False),
    Column("served_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("seed", BigInteger, nullable=False, server_default="0"),
    Index(None, "person_id", "served_at"),
    Index(None, "question"),
)

sightings = Table(
    "sightings",
    metadata,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("question", String(40), primary_key=True),
    Column("last_seen", Instant, nullable=False),
    Column("answered", Boolean, nullable=False, server_default="0"),
    comment="When a person last saw a question: one row each, so that drawing does not get slower with history",
)

topic_records = Table(
    "topic_records",
    metadata,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("topic", String(2), primary_key=True),
    Column("answered", Integer, nullable=False),
    Column("right", Integer, nullable=False),
    Column("score", Integer, nullable=False),
)

item_stats = Table(
    "item_stats",
    metadata,
    Column("question", String(40), primary_key=True),
    Column("revision", String(8), primary_key=True),
    Column("option", SmallInteger, primary_key=True, autoincrement=False),
    Column("answers", BigInteger, nullable=False),
    Column("score", BigInteger, nullable=False),
    Column("score_squares", BigInteger, nullable=False),
    Column("ability", BigInteger, nullable=False),
    Column("ability_squares", BigInteger, nullable=False),
    Column("products", BigInteger, nullable=False),
    comment="Sums over first answers, kept in their transactions; option -1 is all of them, others who chose that one",
)

reports = Table(
    "reports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("question", String(40), nullable=False),
    Column("revision", String(8), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Column("workspace", String(64), nullable=False, server_default=""),
    UniqueConstraint("person_id", "workspace", "question", "revision"),
    Index(None, "state", "workspace", "question", "revision"),
)

rulings = Table(
    "rulings",
    metadata,
    Column("workspace", String(64), primary_key=True),
    Column("question", String(40), primary_key=True),
    Column("revision", String(8), primary_key=True),
    Column("out", Boolean, nullable=False),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "out"),
    comment="What a workspace's moderators decided on a question last: out takes it out of drawing there",
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("here", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index(None, "platform", "here"),
    comment="Where Warmup is and was: a workspace that removed it is not posted to again",
)

claims = Table(
    "claims",
    metadata,
    Column("event", String(80), primary_key=True),
    Column("at", Instant, nullable=False),
    Index(None, "at"),
    comment="Which events have been taken: of several processes that are told of one, a single one answers",
)

command_syncs = Table(
    "command_syncs",
    metadata,
    Column("scope", String(80), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("leased_until", Instant, nullable=False),
    comment="The commands that a platform was told of last, by their digest, and who tells it now",
)

installations = Table(
    "installations",
    metadata,
    Column("platform", String(20), primary_key=True),
    Column("enterprise", String(40), primary_key=True),
    Column("workspace", String(40), primary_key=True),
    Column("bot_user", String(40), nullable=False),
    Column("app_id", String(40), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("org_wide", Boolean, nullable=False),
    Column("installed_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    comment="Where a platform's app is installed, the latest time alone; secret holds its tokens, encrypted",
)

oauth_states = Table(
    "oauth_states",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("expires_at", Instant, nullable=False),
    Index(None, "expires_at"),
    comment="Installations under way, by the SHA-256 of their state: what can be read here lets nobody finish one",
)

posts = Table(
    "posts",
    metadata,
    Column("platform", String(20), primary_key=True),
    Column("workspace", String(64), primary_key=True),
    Column("channel", String(40), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("message", String(40), nullable=False),
    Column("begun", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "at"),
    comment="Posts that carry a key, each made once: message is empty while nobody knows whether it was made",
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("at", Instant, nullable=False),
    comment="When each process was alive last",
)

browser_people = Table(
    "browser_people",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("moderator", Boolean, nullable=False),
)

browser_messages = Table(
    "browser_messages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("seq", Id, nullable=False, unique=True),
    Column("channel", String(40), nullable=False),
    Column("audience", String(40), nullable=False),
    Column("payload", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("key", String(80), unique=True),
    comment="The browser page's own transcript; Discord and Slack keep theirs themselves",
)
