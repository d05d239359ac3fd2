"""The colours in which a product is drawn, from the names that shops give them."""

from __future__ import annotations

from dataclasses import dataclass

HEX = {
    "black": "#3a3d44", "white": "#e9e6df", "grey": "#8d949e", "silver": "#bcc3cc", "navy": "#2c4270",
    "blue": "#3f72b5", "teal": "#2b8289", "green": "#4a8a57", "olive": "#75793f", "sage": "#93a98a",
    "mint": "#8fcab0", "yellow": "#e8bd3c", "mustard": "#d0a02c", "orange": "#de7a33", "rust": "#b3552f",
    "terracotta": "#c06c47", "red": "#c6403c", "burgundy": "#7d2c41", "pink": "#dc8fa9", "purple": "#79559d",
    "brown": "#7a5338", "tan": "#c19a6b", "khaki": "#a3945f", "sand": "#d3bb90", "beige": "#d9c7a8",
    "cream": "#eadcbd", "natural": "#c9a878", "brass": "#c9a24a", "steel": "#b4bcc6",
}  # fmt: skip
"""By the name of a colour as the demo shops use it."""

MATERIALS = {
    "cast iron": "black", "carbon steel": "black", "stainless steel": "steel", "damascus steel": "steel",
    "copper": "rust", "brass": "brass", "terracotta": "terracotta", "oak": "tan", "walnut": "brown",
    "granite": "grey", "rattan": "natural", "steel": "silver", "titanium": "grey", "aluminium": "silver",
    "beech wood": "tan", "olive wood": "tan", "hazel wood": "brown", "leather": "brown", "zinc": "grey",
}  # fmt: skip
"""The colour of what is made of one thing and has no colour of its own."""

PLEASANT = ("teal", "rust", "navy", "olive", "mustard", "burgundy", "green", "blue", "purple", "terracotta")
"""Where nothing says which colour a product has."""


@dataclass(frozen=True)
class Palette:
    """`base` with its shades, and an `accent` that stands out from it; `#rrggbb` each."""

    base: str
    dark: str
    light: str
    accent: str


def palette(name: str, accent_seed: int) -> Palette:
    """The palette of a colour's name; one that is not known is a pleasant one of `accent_seed`'s choice."""
    known = name.lower().strip()
    if known not in HEX:
        known = PLEASANT[accent_seed % len(PLEASANT)]
    base = HEX[known]
    accents = [one for one in ("#e9a13b", "#d9574a", "#3e8e9c", "#f0d9a0", "#7a9e5b") if _distance(one, base) > 150]
    return Palette(base, mix(base, "#14161c", 0.28), mix(base, "#ffffff", 0.34), accents[accent_seed % len(accents)])


def mix(one: str, other: str, share: float) -> str:
    """`share` of the `other` colour in the `one`."""
    parts = (round(a + (b - a) * share) for a, b in zip(_parts(one), _parts(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _distance(one: str, other: str) -> int:
    return sum(abs(a - b) for a, b in zip(_parts(one), _parts(other), strict=True))
