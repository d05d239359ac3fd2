"""Lists in words, the same in every part of shopping."""

from __future__ import annotations

from collections.abc import Sequence

LISTED = 5
"""Values that are said in one list."""


def joined(parts: Sequence[str], last: str = "and") -> str:
    """One, "a and b", "a, b and c"."""
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}" if len(parts) > 1 else "".join(parts)


def listed(parts: Sequence[str], most: int = LISTED) -> str:
    """As `joined`, the rest of a long list counted: "a, b and 7 more"."""
    if len(parts) <= most + 1:
        return joined(parts)
    return f"{', '.join(parts[:most])} and {len(parts) - most} more"
