"""Forms that came when nobody was signed in: kept until somebody is, who then sees them again and sends them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass

from sanic import HTTPResponse, Request
from sanic.response import redirect

from assistant.accounts.sessions import Session
from assistant.house import House
from assistant.web.console.doorway import sign_in_page
from assistant.web.console.fields import TEXT_MAX, read_fields
from assistant.web.console.guard import out_of_date

PAGE = "/console/unsent"
SECRETS = "password", "before"
"""Fields that are written again rather than kept."""


@dataclass(frozen=True)
class Unsent:
    """A form: the path that it is for, and its texts."""

    path: str
    pairs: tuple[tuple[str, str], ...]

    def text(self) -> str:
        """As it is carried through the sign-in page and kept with the session."""
        return json.dumps([self.path, self.pairs])


def read_unsent(text: str) -> Unsent | None:
    """What `Unsent.text` has written; None for anything else."""
    try:
        path, pairs = json.loads(text[: 2 * TEXT_MAX])
        told = Unsent(path, tuple((name, value) for name, value in pairs))
    except (ValueError, TypeError, RecursionError):
        return None
    strings = all(isinstance(part, str) for pair in told.pairs for part in pair)
    return told if isinstance(path, str) and strings and is_console(path) else None


def is_sent(session: Session, request: Request) -> bool:
    """Whether this is the form that was kept."""
    form = read_unsent(session.unsent) if session.unsent else None
    return form is not None and form.path == request.path


def is_console(path: str) -> bool:
    """Whether an address is one of the console's, and of no other site."""
    return (
        path.startswith("/console/") and "//" not in path.partition("?")[0] and "\\" not in path and path.isprintable()
    )


async def ask_to_sign_in(request: Request) -> HTTPResponse:
    """The sign-in page, which carries the form along."""
    return await sign_in_page(request, carried=_of(request).text(), status=401)


async def keep(request: Request, session: Session) -> HTTPResponse:
    """A form of a page from before somebody signed in again, which cannot be told from a forged one unless the browser
    says that our page has sent it: it is shown first.

    Raises:
        ServiceError: `form_refused`, the browser does not say so.
    """
    if request.headers.get("origin") is None:
        raise out_of_date()
    house: House = request.app.ctx.house
    await asyncio.to_thread(house.office.sessions.keep_unsent, session, _of(request).text())
    return redirect(PAGE, status=303)


def _of(request: Request) -> Unsent:
    return Unsent(request.path, read_fields(request).without("csrf", *SECRETS).pairs)
