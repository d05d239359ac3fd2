"""What keeps other sites from sending our forms: where a form comes from, and a token that only our pages hold."""

from __future__ import annotations

import hmac

from sanic import Request

from assistant.accounts.sessions import form_token
from assistant.errors import ServiceError
from assistant.house import House
from assistant.origins import is_own
from assistant.web.addresses import asking_origin
from assistant.web.console import cookie
from assistant.web.console.fields import read_fields

HEADER = "x-csrf-token"
"""Where scripts send the token of a page, which is in `<body data-csrf>`."""


def is_ours(request: Request) -> bool:
    """Whether no other site's page has sent this: browsers name the page's origin with every form."""
    house: House = request.app.ctx.house
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    try:
        origin = asking_origin(request)
    except ServiceError:
        return False
    return origin is None or origin == house.settings.public_url or is_own(origin, request.host)


def is_own_form(request: Request) -> bool:
    """Whether the form was made for this browser's cookie; ServiceError(`form_invalid`, `too_large`)."""
    held = cookie.secret(request)
    shown = request.headers.get(HEADER) or read_fields(request).get("csrf")
    return bool(held) and hmac.compare_digest(form_token(held).encode(), shown.encode())


def out_of_date() -> ServiceError:
    """What is said of a form that may have been sent from elsewhere."""
    return ServiceError(
        "form_refused", "This form is out of date. Please go back, reload the page, and try again.", 403
    )
