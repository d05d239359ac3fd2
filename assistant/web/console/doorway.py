"""The page where people sign in, which carries along where they wanted to go and what they had written."""

from __future__ import annotations

from markupsafe import Markup
from sanic import HTTPResponse, Request

from assistant.accounts.sessions import form_token, new_secret
from assistant.web.console import cookie
from assistant.web.pages import page

NO_STORE = {"Cache-Control": "no-store"}


def is_arriving(request: Request) -> bool:
    """Whether the browser follows a link of another site, as of a web mail: then it does not send our cookie."""
    elsewhere = request.headers.get("sec-fetch-site") in ("cross-site", "same-site")
    return elsewhere and request.method == "GET" and not cookie.secret(request)


async def arrival(request: Request) -> HTTPResponse:
    """A page that leads to itself: from here on the browser is on our own site, and sends its cookie."""
    address = request.path + (f"?{request.query_string}" if request.query_string else "")
    return await page("console/arrival.html", address=address)


async def doorway(request: Request, template: str, *, status: int = 200, **values: object) -> HTTPResponse:
    """A page with a form for people who are not signed in; their browser gets a secret for it if it has none."""
    if is_arriving(request):
        return await arrival(request)
    held = cookie.secret(request)
    secret = held or new_secret()
    csrf = Markup('<input type="hidden" name="csrf" value="{}">').format(form_token(secret))
    response = await page(template, status=status, csrf=csrf, **values)
    response.headers.update(NO_STORE)
    if not held:
        cookie.put(request, response, secret)
    return response


async def sign_in_page(
    request: Request, *, status: int = 200, problem: str = "", email: str = "", after: str = "", carried: str = ""
) -> HTTPResponse:
    """`after` is the page to go on to, `carried` a form (`Unsent.text`)."""
    values = {"problem": problem, "email": email, "after": after, "carried": carried}
    return await doorway(request, "console/sign_in.html", status=status, **values)
