"""The tables of rewards: which role is given for what, and who holds it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, String, Table

from adapters.storage.schema import Id, Instant, metadata

rewards = Table(
    "rewards",
    metadata,
    Column("workspace", String(64), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("role", String(40), nullable=False),
    Column("owner_id", Id, ForeignKey("people.id"), nullable=False),
    Column("told", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
    comment="A role for whoever leads or won; without a role it was ended, and is there until nobody holds it",
)

reward_holders = Table(
    "reward_holders",
    metadata,
    Column("workspace", String(64), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("role", String(40), primary_key=True),
    Column("space", String(40), primary_key=True),
    Column("user_id", String(40), primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), nullable=False),
    Column("holding", String(10), nullable=False),
    comment="Who was given a role, by the platform's id; written before it is given, so that no crash forgets anybody",
)
