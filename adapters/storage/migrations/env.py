"""Alembic's entry: runs on the connection and in the transaction that ``migrate`` hands over."""

from __future__ import annotations

from alembic import context

import adapters.storage.tables  # noqa: F401 - makes the metadata whole
from adapters.storage.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, transactional_ddl=False)
context.run_migrations()
