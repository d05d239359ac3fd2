"""Where somebody sees again, after signing in, what they had written before, and sends it."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse

from assistant.web.console.frame import Signed, own_form, own_page
from assistant.web.console.unsent import PAGE, read_unsent

blueprint = Blueprint("console_unsent")

LONG = 60
"""Characters from which on a text gets several lines."""


@own_page(blueprint, PAGE)
async def show(visit: Signed) -> HTTPResponse:
    """The form, filled in as it was; what people did not write themselves is sent along unseen."""
    form = read_unsent(visit.session.unsent)
    if form is None:
        return await visit.go("/console/")
    fields = [(name, _label(name), value, _is_written(value)) for name, value in form.pairs]
    return await visit.render("console/unsent.html", path=form.path, fields=fields, long=LONG)


@own_form(blueprint, f"{PAGE}/discard")
async def discard(visit: Signed) -> HTTPResponse:
    """Forget it."""
    await asyncio.to_thread(visit.office.sessions.keep_unsent, visit.session, "")
    return await visit.go("/console/", notice="It is forgotten.")


def _is_written(value: str) -> bool:
    return any(letter.isalpha() for letter in value)


def _label(name: str) -> str:
    return name.replace(".", " ").replace("_", " ").replace("-", " ").replace("[]", "").strip().capitalize() or "Text"
