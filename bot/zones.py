"""The time zones there are, and wall-clock times in them as instants: pure.

Listing the zones reads the whole zone database, so it is done once.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

KNOWN = frozenset(available_timezones())
"""Every IANA zone."""
PLACES = (*sorted(zone for zone in KNOWN if "/" in zone and not zone.startswith("Etc/")), "UTC")
"""Zones that people live in: those named after places, and UTC."""


def resolve(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall-clock time, in UTC: its first one, or after a gap if it does not occur."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def exists(day: date, zone: ZoneInfo) -> bool:
    """Tell whether a zone has a date: Samoa went from 29 to 31 December 2011."""
    return resolve(day, time(), zone).astimezone(zone).date() == day
