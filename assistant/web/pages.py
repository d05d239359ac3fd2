"""The pages that people look at."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import html, redirect

from assistant.errors import ServiceError
from assistant.house import House
from assistant.version import VERSION
from assistant.web.openapi import specification
from skills.turn import MediaKind

HERE = Path(__file__).parent
EXAMPLES = (
    "Find me a talk about black holes",
    "Play something calm for the evening",
    "What do you have on sourdough?",
    "Any lessons on watercolour?",
)

blueprint = Blueprint("pages")
# no-cache: the browser asks each time, and gets 304 until a file has changed
blueprint.static("/static", HERE / "static", name="static")

_templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    enable_async=True,
)


@blueprint.get("/")
async def speaker(request: Request) -> HTTPResponse:
    """The smart speaker."""
    house: House = request.app.ctx.house
    media = [item.medium for item in house.library.items.values()]
    return await page(
        "speaker.html",
        stores_audio=house.settings.store_audio,
        catalogue_size={"audio": media.count("audio"), "video": media.count("video")},
        examples=EXAMPLES,
    )


@blueprint.get("/studio")
async def studio(request: Request) -> HTTPResponse:
    """Where creators bring in and correct their own recordings; what is in it comes with their key."""
    house: House = request.app.ctx.house
    return await page("studio.html", max_gb=f"{house.settings.media_upload_max_gb:g}", kinds=list(MediaKind))


@blueprint.get("/agents")
async def agents(_request: Request) -> HTTPResponse:
    """Where a shop's people answered in its chat once: they do so in the console."""
    return redirect("/console/", status=301)


@blueprint.get("/docs")
async def docs(_request: Request) -> HTTPResponse:
    """The HTTP interface, for reading."""
    return await page("api.html", spec=specification())


async def error_page(error: ServiceError) -> HTTPResponse:
    """An error for people."""
    title = {404: "Not found", 503: "Not ready yet"}.get(error.status, "That did not work")
    return await page("error.html", status=error.status, title=title, message=error.message)


async def page(template: str, *, status: int = 200, **values: object) -> HTTPResponse:
    """A template filled in."""
    text = await _templates.get_template(template).render_async(name="Sori", version=VERSION, status=status, **values)
    return html(text, status=status)
