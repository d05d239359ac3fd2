"""Order numbers as people write and say them. Pure."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\b([A-Za-z]{1,4})[\s-]{0,2}([0-9]{3,12})\b")
_SPELLED = re.compile(r"(?<=\b[A-Za-z])[\s.]+(?=[A-Za-z]\b)")
"""Between letters that stand alone: "n f"."""


def read_number(text: str) -> str | None:
    """The order number in `text` as it is kept ("NF-1042"), however it is written: "nf 1042", "n.f. 1042"."""
    found = _NUMBER.search(_SPELLED.sub("", text[:200]).replace(".", ""))
    return f"{found[1].upper()}-{found[2]}" if found else None
