"""The step that brings the products: a feed that is uploaded or fetched, what its columns are, and what came of it."""

from __future__ import annotations

import asyncio
from typing import Any

from pydantic import ValidationError

from assistant.product_importing import is_web
from assistant.web.console.fields import FormProblems
from assistant.web.console.frame import Visit
from assistant.web.console.setup.outcome import Kept, Outcome
from skills.shopping.feeds import Mapping
from skills.shopping.feeds.mapping import FIELDS
from skills.shopping.importing import Choices, Import, State

LEFT_OUT = "ignore"
NAMES = {
    "id": "Article number",
    "group": "Group of variants",
    "title": "Name",
    "price_cents": "Price in cents",
    "url": "Page in your shop",
    "image": "Picture",
    "gtin": "Barcode",
    LEFT_OUT: "Leave it out",
}
"""What the fields of a feed are called here; others by their own names."""
SHOWN = 8
"""Problems that are shown; the rest is in the table to download."""


async def shown(visit: Visit) -> dict[str, Any]:
    """The page of the products, with the import that is under way or was the last."""
    records = visit.house.product_imports.records
    count, found = await asyncio.gather(
        asyncio.to_thread(visit.house.shopping.catalogues.count, visit.shop.id),
        asyncio.to_thread(records.all, visit.shop.id),
    )
    last = found[0] if found else None
    problems = await asyncio.to_thread(records.problems, visit.shop.id, last.id) if last else []
    return {"count": count, "last": last, "told": problems[:SHOWN], "fields": _fields(last), "options": _options}


async def save(visit: Visit) -> Outcome:
    """Begin an import, or answer what one has asked."""
    asked = visit.fields().get("do")
    if asked in ("columns", "meant"):
        return await _answer(visit, asked)
    return await _begin(visit)


async def _begin(visit: Visit) -> Outcome:
    fields, imports = visit.fields(), visit.house.product_imports
    file, address = fields.file("feed"), fields.get("address").strip()
    if file is None or not file.body:
        if not address:
            return FormProblems({"feed": "Choose a file, or write the address of your feed."}, fields)
        if not is_web(address) or len(address) > 2_000:
            return FormProblems({"address": "An address begins with https://"}, fields)
    source = address if file is None or not file.body else f"{file.name or 'upload'}"[:200]
    state, path = await imports.prepare(visit.shop.id, source)
    if file is not None and file.body:
        await asyncio.to_thread(path.write_bytes, file.body)
    await imports.submit(state, Choices())
    await visit.note("began an import of products", source)
    return Kept("Your products are being read.", "products")


async def _answer(visit: Visit, asked: str) -> Outcome:
    fields, imports = visit.fields(), visit.house.product_imports
    state = await asyncio.to_thread(imports.records.find, visit.shop.id, fields.get("import"))
    if state is None or not state.state.is_asking:
        return Kept("That import is over already.", "products")
    choices = Choices(force=True)
    if asked == "columns":
        columns = {
            name.removeprefix("column."): value for name, value in fields if name.startswith("column.") and value
        }
        try:
            before = state.proposal.mapping if state.proposal else Mapping(columns={})
            choices = Choices(mapping=Mapping.model_validate(before.model_dump() | {"columns": columns}))
        except ValidationError as error:
            return FormProblems({"columns": _said(error)}, fields)
    await imports.answer(state, choices)
    return Kept("Thank you. Your products are being read.", "products")


def _fields(last: Import | None) -> list[str]:
    """What a column may be: the usual, and what was guessed."""
    if last is None or last.state is not State.NEEDS_MAPPING or last.proposal is None:
        return []
    guessed = last.proposal.mapping.columns.values()
    return list(dict.fromkeys([*FIELDS, *guessed]))


def _options(fields: list[str]) -> list[tuple[str, str]]:
    """Each with what it is called here."""
    return [(name, NAMES.get(name) or name.partition(":")[2] or name.replace("_", " ").capitalize()) for name in fields]


def _said(error: ValidationError) -> str:
    text = error.errors()[0]["msg"].removeprefix("Value error, ")
    return f"{text[:1].upper()}{text[1:]}."
