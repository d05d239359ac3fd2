"""Time zones by their names."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


def is_zone(name: str) -> bool:
    """Whether there is a time zone of this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def zone(name: str) -> ZoneInfo:
    """The time zone of this name; UTC where there is none such."""
    return ZoneInfo(name) if is_zone(name) else ZoneInfo("UTC")


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The names to choose from: of a place each, as "Europe/Berlin", and UTC."""
    places = {
        name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "US/", "SystemV/"))
    }
    return ("UTC", *sorted(places))
