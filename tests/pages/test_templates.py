"""The templates keep what the content security policy and their readers rely on."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.web.items import PlayerChapter, PlayerItem
from assistant.web.openapi import specification
from skills.media.recordings import Segment

WEB = Path(__file__).parents[2] / "assistant" / "web"
ITEM = PlayerItem(
    id="x",
    title='<img src="x">',
    creator="Ann",
    series="",
    kind="talk",
    medium="audio",
    language="en",
    description="About it",
    published="2024-02-09",
    duration_ms=1000,
    image_url="/media/covers/x.svg",
    recording=None,
    captions=(),
    peaks=(),
    chapters=(PlayerChapter(start_ms=0, title="One", url=""),),
    slides=(),
    page_url="https://sori.example/watch/x",
    embed_url="https://sori.example/embed/x",
)
FOR_MACHINES = ("canonical", "alternate")
"""Links that no browser follows, and that have to be absolute."""
PAGES: dict[str, dict[str, Any]] = {
    "speaker.html": {
        "name": "Sori",
        "version": "1",
        "stores_audio": False,
        "catalogue_size": {"audio": 1, "video": 1},
        "examples": ['<img src="x">'],
    },
    "studio.html": {"name": "Sori", "max_gb": "8", "kinds": ["talk", "live_show"]},
    "api.html": {"spec": specification()},
    "watch.html": {
        "name": "Sori",
        "item": ITEM,
        "published": "9 Feb 2024",
        "start": 0,
        "view": "auto",
        "transcript": [Segment(0, 900, "Ann", '<img src="x">')],
        "base": "https://sori.example",
        "embed": "https://sori.example/embed/x",
        "discovery": [("application/json+oembed", "https://sori.example/oembed?url=x")],
    },
    "embed.html": {"item": ITEM, "start": 0, "view": "auto"},
    "error.html": {"status": 404, "title": "Not found", "message": "There is nothing here."},
}


def render(page: str, **changes: Any) -> str:
    loader = FileSystemLoader(WEB / "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    return environment.get_template(page).render(PAGES[page] | changes)


class Elements(HTMLParser):
    """Collects every element's name and attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(page: str) -> None:
    for tag, attributes in Elements(render(page)).found:
        assert tag != "style"
        assert tag != "script" or "src" in attributes
        assert not [name for name in attributes if name == "style" or name.startswith("on")], (tag, attributes)
        assert tag != "img" or attributes.get("src") != "x"
        if attributes.get("rel") in FOR_MACHINES:
            continue
        for name in ("src", "href"):
            assert not re.match(r"[a-z]+:|//", attributes.get(name) or "/", re.IGNORECASE), (tag, attributes)


@pytest.mark.parametrize("page", PAGES)
def test_every_static_file_a_page_names_exists(page: str) -> None:
    names = re.findall(r'"/static/([^"#]+)', render(page))
    assert names
    assert [name for name in names if not (WEB / "static" / name).is_file()] == []


def test_the_page_says_what_becomes_of_the_sound() -> None:
    assert "It is never written to a disk" in render("speaker.html", stores_audio=False)
    assert "<strong>is stored</strong>" in render("speaker.html", stores_audio=True)


def test_the_interface_page_shows_every_path_and_every_message() -> None:
    spec = specification()
    page = render("api.html")
    for name in (*spec["paths"], *spec["components"]["schemas"]):
        assert f">{name}<" in page


def test_scripts_never_write_markup() -> None:
    """All text reaches the page as text."""
    for script in (WEB / "static").rglob("*.js"):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", script.read_text()), (
            script
        )
