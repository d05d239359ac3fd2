"""A product's picture: its shape in its colour, on a backdrop of its own."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from xml.sax.saxutils import quoteattr

from skills.shopping.pictures.colours import MATERIALS, PLEASANT, Palette, mix, palette
from skills.shopping.pictures.covers import cover
from skills.shopping.pictures.kinds import BOOK, kind_of
from skills.shopping.product import Product, Variant

SHAPES = Path(__file__).parent / "shapes"
"""SVG files of 400 units each way, drawn in `DRAWN_IN`: any editor shows and edits them."""

DRAWN_IN = Palette(base="#4477aa", dark="#335580", light="#77a5d0", accent="#dd9944")
"""The colours of the files, for which a product's own are put."""


def picture(product: Product, sku: str | None = None) -> str:
    """The SVG picture of a product, or of its variant `sku`; the same each time.

    Nothing of a product gets into it but its texts, escaped.
    """
    variant = None if sku is None else product.variant(sku)
    seed = hashlib.sha256(f"{product.shop}/{product.id}".encode()).digest()
    colours = palette(_colour(product, variant, seed), seed[0])
    kind = kind_of(product.title, product.categories)
    figure = cover(product, colours, seed) if kind == BOOK else _coloured(kind, colours)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" role="img" '
        f"aria-label={quoteattr(product.title)}>{_backdrop(colours, seed)}{figure}</svg>"
    )


def _colour(product: Product, variant: Variant | None, seed: bytes) -> str:
    chosen = (variant or product.variants[0]).options.get("colour")
    if chosen:
        return chosen
    colour, material = product.attribute("colour"), product.attribute("material")
    if colour:
        return colour.value
    if material and material.value in MATERIALS:
        return MATERIALS[material.value]
    plant = "Plants" in product.categories
    return "green" if plant else PLEASANT[seed[1] % len(PLEASANT)]


def _backdrop(colours: Palette, seed: bytes) -> str:
    """A pale ground of a related hue, with one large quiet figure and the shadow on which the product stands."""
    ground = mix(colours.accent if seed[2] % 2 else colours.base, "#ffffff", 0.86)
    figure = mix(ground, colours.base, 0.13)
    shapes = (
        f'<circle cx="{150 + seed[3] % 100}" cy="{150 + seed[4] % 60}" r="{130 + seed[5] % 30}" fill="{figure}"/>',
        f'<path d="M70 400V{200 + seed[3] % 40}a130 130 0 0 1 260 0V400Z" fill="{figure}"/>',
        f'<path d="M0 {250 + seed[3] % 60}Q120 {170 + seed[4] % 60} 240 {240 + seed[5] % 40}T400 230V400H0Z" '
        f'fill="{figure}"/>',
    )
    shadow = f'<ellipse cx="200" cy="348" rx="130" ry="14" fill="{mix(ground, "#14161c", 0.16)}"/>'
    return f'<rect width="400" height="400" fill="{ground}"/>{shapes[seed[6] % len(shapes)]}{shadow}'


def _coloured(kind: str, colours: Palette) -> str:
    put = {
        DRAWN_IN.base: colours.base,
        DRAWN_IN.dark: colours.dark,
        DRAWN_IN.light: colours.light,
        DRAWN_IN.accent: colours.accent,
    }
    return re.sub("|".join(put), lambda found: put[found[0]], _shape(kind))


@cache
def _shape(kind: str) -> str:
    """What is inside the file's svg element."""
    text = (SHAPES / f"{kind}.svg").read_text("utf-8")
    return text[text.index(">") + 1 : text.rindex("</svg>")].strip()
