"""Whether a colour can be read on white: contrast as the Web Content Accessibility Guidelines 2.2 reckon it. Pure."""

from __future__ import annotations

READABLE = 4.5
"""The ratio that texts need (success criterion 1.4.3)."""
STEPS = 50
WHITE, NIGHT = "#ffffff", "#18211e"
"""What the chat's words stand on by day and by night."""


def contrast(one: str, other: str = WHITE) -> float:
    """The ratio of two colours, `#rrggbb`, from 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def readable(colour: str) -> str:
    """The same colour, as dark as it has to be to be read on white, and white on it."""
    return _towards(0, colour, WHITE)


def by_night(colour: str) -> str:
    """The same colour, as light as it has to be to be read on a dark page."""
    return _towards(255, colour, NIGHT)


def style_of(colour: str) -> str:
    """The colour as a style of the chat's element, for both themes; empty for none."""
    return f"--sori-accent: light-dark({colour}, {by_night(colour)})" if colour else ""


def _towards(end: int, colour: str, page: str) -> str:
    parts = _parts(colour)
    for step in range(STEPS + 1):
        mixed = "#" + "".join(f"{round(part + (end - part) * step / STEPS):02x}" for part in parts)
        if contrast(mixed, page) >= READABLE:
            return mixed
    raise AssertionError("neither black nor white can be read")


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(colour: str) -> float:
    linear = (_linear(part / 255) for part in _parts(colour))
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
