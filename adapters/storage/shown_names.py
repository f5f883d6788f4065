"""The name by which a person is shown: the one that they chose, else their platform's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func

from adapters.storage.tables import people


def shown_name(of: Any = people) -> ColumnElement[str]:
    """Return it as a column, of the people or of an alias of theirs; without a person it is NULL."""
    return func.coalesce(func.nullif(of.c.shown_name, ""), of.c.name)
