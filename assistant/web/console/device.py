"""What a browser calls itself, in words; good enough to tell one's own browsers apart, and for nothing else. Pure."""

from __future__ import annotations

_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device(agent: str) -> str:
    """As “Firefox on Windows”; the beginning of what it is called where that says neither."""
    browser = next((name for part, name in _BROWSERS if part in agent), "")
    system = next((name for part, name in _SYSTEMS if part in agent), "")
    if browser and system:
        return f"{browser} on {system}"
    plain = "".join(letter for letter in agent if letter.isprintable())
    return browser or system or plain[:40] or "Unknown browser"
