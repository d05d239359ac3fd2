"""Numbers as people read them: shares, times, and how they have changed. Pure."""

from __future__ import annotations

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000


def share(value: float | None) -> str:
    """A share of 0 to 1 as percent; a dash where there is nothing to divide."""
    return "—" if value is None else f"{value * 100:.0f}%"


def duration(milliseconds: int | None) -> str:
    """As in "under 0.1 s", "0.2 s", "14 s", "5 min", "1.5 h"."""
    if milliseconds is None:
        return "—"
    if milliseconds < SECOND / 10:
        return "under 0.1 s"
    if milliseconds < 10 * SECOND:
        return f"{milliseconds / SECOND:.1f} s"
    if milliseconds < MINUTE:
        return f"{milliseconds / SECOND:.0f} s"
    if milliseconds < HOUR:
        return f"{milliseconds / MINUTE:.0f} min"
    return f"{milliseconds / HOUR:.1f} h"


def grown(now: int, before: int) -> str:
    """How a count has changed."""
    if now == before:
        return "as many as before"
    if not before:
        return "none before"
    percent = round(abs(now - before) / before * 100)
    if not percent:
        return f"about as many as before ({before:,})"
    return f"{percent:,}% {'more' if now > before else 'fewer'} than before ({before:,})"


def moved(now: float | None, before: float | None) -> str:
    """How a share has changed."""
    if now is None or before is None:
        return ""
    points = round(now * 100) - round(before * 100)
    if not points:
        return "as before"
    return f"{plural(abs(points), 'point')} {'up' if points > 0 else 'down'} from {share(before)}"


def slowed(now: int | None, before: int | None) -> str:
    """What a time was before."""
    return "" if now is None or before is None else f"{duration(before)} before"


def plural(count: int, one: str, many: str = "") -> str:
    """As in "1 conversation", "1,204 conversations"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
