"""What time it is for listeners."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCAL = Path("/etc/localtime")


def clock(zone: tzinfo | None) -> Callable[[], datetime]:
    """Tells the present time in a zone, or in the machine's.

    The machine's zone with its rules, not merely its present offset: a show after the clocks change has its right hour.
    """
    zone = zone or _machine_zone()
    return lambda: datetime.now(zone)


def _machine_zone() -> tzinfo:
    try:
        if name := os.environ.get("TZ", "").removeprefix(":"):
            return ZoneInfo(name)
        with LOCAL.open("rb") as file:
            return ZoneInfo.from_file(file)
    except (OSError, ValueError, ZoneInfoNotFoundError):  # no such file, not in its form, no such name
        return ZoneInfo("UTC")
