"""Answers out of files and into files: a preview first, then the good ones are taken, or nothing."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sanic import Blueprint, HTTPResponse
from sanic.response import raw

from assistant.accounts.rights import Right
from assistant.web.console.answers.drafts import answers_of
from assistant.web.console.answers.listed import AT, deeds
from assistant.web.console.answers.undoing import Deed, before, revisions
from assistant.web.console.frame import Visit, form, page
from skills.storefront import ShopAnswer, StorefrontError
from skills.storefront.exchange import Column, ExchangeError, Reading, as_json, as_table, read_answers_file
from skills.storefront.exchange.table import BYTES_MAX
from skills.storefront.kinds import ANSWER

blueprint = Blueprint("console_answer_files")

KEPT_S = 3_600
FILES_MAX = 5
"""Of one shop that wait to be taken."""
PROBLEMS, LOOK = 100, 20
"""Rows that are shown."""
_TOKEN = re.compile(r"[0-9a-f]{32}(\.json)?")


@dataclass(frozen=True)
class Preview:
    """What a file would come to."""

    token: str
    reading: Reading
    fresh: Sequence[ShopAnswer]
    changed: Sequence[ShopAnswer]
    same: int

    @property
    def taken(self) -> int:
        """Answers that would be saved."""
        return len(self.fresh) + len(self.changed)


@page(blueprint, f"{AT}/import", Right.EDIT)
async def choose(visit: Visit) -> HTTPResponse:
    """Which file."""
    return await _show(visit)


@form(blueprint, f"{AT}/import", Right.EDIT)
async def bring(visit: Visit) -> HTTPResponse:
    """Look at a file, look at it in another way, or take it."""
    fields = visit.fields()
    folder, file, token = _folder(visit), fields.file("file"), fields.get("token")
    try:
        if file:
            token = await asyncio.to_thread(_keep, folder, file.body, file.name or "")
        content = await asyncio.to_thread(_kept, folder, token)
        mapped = _mapped(fields.all("column")) if not file else None
        has_names = {"yes": True, "no": False}.get(fields.get("names")) if not file else None
        preview = await asyncio.to_thread(_read, visit, token, content, mapped, has_names)
        if fields.get("do") == "take" and preview.taken:
            return await _take(visit, preview)
    except (ExchangeError, StorefrontError) as error:
        return await _show(visit, wrong=str(error))
    return await _show(visit, preview)


@page(blueprint, f"{AT}/export", Right.VIEW)
async def export(visit: Visit) -> HTTPResponse:
    """The way out: a page that offers both forms, or the file itself."""
    kind = visit.request.args.get("as")
    if kind not in ("csv", "json"):
        return await visit.render("console/answers/export.html")
    found = await asyncio.to_thread(
        lambda: answers_of(visit).all(visit.shop.id, draft=visit.request.args.get("of") != "live")
    )
    content = await asyncio.to_thread(as_table if kind == "csv" else as_json, found)
    media_type = "text/csv; charset=utf-8" if kind == "csv" else "application/json"
    headers = {
        "Content-Disposition": f'attachment; filename="{visit.shop.id}-answers.{kind}"',
        "Cache-Control": "no-store",
    }
    return raw(content, headers=headers, content_type=media_type)


async def _take(visit: Visit, preview: Preview) -> HTTPResponse:
    answers, shop, by = answers_of(visit), visit.shop.id, visit.account.name
    given = {one.id: one for one in (*preview.fresh, *preview.changed)}

    def work() -> Deed:
        was = before(answers, shop, given)
        answers.save_many(shop, ANSWER, given, by, visit.now)
        return Deed(shop, visit.account.id, "Imported", was, revisions(answers, shop, given), visit.now)

    deed = await asyncio.to_thread(work)
    await asyncio.to_thread(_forget, _folder(visit), preview.token)
    visit.request.app.add_task(asyncio.to_thread(visit.house.shopping.desk.prepare, shop, draft=True))
    await visit.note("imported", f"{len(given):,} answers")
    notice = f"Imported {len(given):,} answers. Customers meet them once you publish."
    return await visit.go(f"answers?show=changed&undo={deeds.keep(deed)}", notice=notice)


def _read(
    visit: Visit, token: str, content: bytes, mapped: tuple[Column | None, ...] | None, has_names: bool | None
) -> Preview:
    known = answers_of(visit).all(visit.shop.id, draft=True)
    pictures = visit.house.shopping.answer_pictures.names(visit.shop.id)
    name = "a.json" if token.endswith(".json") else ""
    reading = read_answers_file(content, name, mapped=mapped, has_names=has_names, known=known, pictures=pictures)
    there = {one.id: one for one in known}
    fresh = [one for one in reading.answers if one.id not in there]
    changed = [one for one in reading.answers if one.id in there and there[one.id] != one]
    return Preview(token, reading, fresh, changed, len(reading.answers) - len(fresh) - len(changed))


async def _show(visit: Visit, preview: Preview | None = None, wrong: str = "") -> HTTPResponse:
    return await visit.render(
        "console/answers/import.html",
        status=422 if wrong else 200,
        preview=preview,
        wrong=wrong,
        columns=list(Column),
        most=BYTES_MAX // 1_000_000,
        problems=(),
        rows=PROBLEMS,
        look=LOOK,
    )


def _mapped(columns: Sequence[str]) -> tuple[Column | None, ...] | None:
    """What somebody has said the columns are; of two that are the same the first one is."""
    found: list[Column | None] = []
    for told in columns:
        column = Column(told) if told in set(Column) else None
        found.append(column if column not in found else None)
    return tuple(found) or None


def _folder(visit: Visit) -> Path:
    return visit.house.paths.shops / visit.shop.id / "answer-files"


def _keep(folder: Path, content: bytes, name: str) -> str:
    """Put a file aside until it is taken; of many only the newest."""
    if len(content) > BYTES_MAX:
        raise ExchangeError("file_too_large", f"This file has more than {BYTES_MAX // 1_000_000} MB.")
    folder.mkdir(parents=True, exist_ok=True)
    kept = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
    for place, old in enumerate(kept):
        if place >= FILES_MAX - 1 or time.time() - old.stat().st_mtime > KEPT_S:
            old.unlink(missing_ok=True)
    token = secrets.token_hex(16) + (".json" if name.lower().endswith((".json", ".jsonl")) else "")
    (folder / token).write_bytes(content)
    return token


def _kept(folder: Path, token: str) -> bytes:
    try:
        if not _TOKEN.fullmatch(token):
            raise FileNotFoundError
        return (folder / token).read_bytes()
    except OSError as error:
        raise ExchangeError("file_gone", "Please choose the file again.") from error


def _forget(folder: Path, token: str) -> None:
    if _TOKEN.fullmatch(token):
        (folder / token).unlink(missing_ok=True)
