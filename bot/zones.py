"""The time zones there are; listing them reads the whole zone database, so it is done once."""

from __future__ import annotations

from zoneinfo import available_timezones

KNOWN = frozenset(available_timezones())
"""Every IANA zone."""
PLACES = (*sorted(zone for zone in KNOWN if "/" in zone and not zone.startswith("Etc/")), "UTC")
"""Zones that people live in: those named after places, and UTC."""
