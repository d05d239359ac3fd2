"""A small site that answers as the service does for `<sori-player>`: one talk, one short film with three slides.

The answers have the form of `GET /api/v1/items/{id}/player`; the film is made here, so that a browser really plays it.
What a test wants to go wrong is said in `Site.broken`.
"""

from __future__ import annotations

import io
import json
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import av
import numpy as np

from assistant.web.ranges import requested_part

STATIC = Path(__file__).parents[2] / "assistant" / "web" / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'"
"""The strictest content security policy under which docs/player.md promises that the player works."""
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

SCENE_S, SCENES, FRAMES_A_SECOND, RATE = 8, 3, 2, 16_000
FILM_MS = SCENE_S * SCENES * 1000
COLOURS = ((40, 90, 78), (150, 66, 32), (52, 58, 120))

SENTENCES = (
    "Every cloud begins with water that you cannot see.",
    "Warm air rises, cools, and the water comes out as droplets.",
    "Inside a storm, droplets and ice rub against each other.",
    "Charge gathers, and lightning channels find their way down.",
    "The thunder is the air closing behind it.",
    "When the storm is over, the sky is clear, and it begins again.",
)


@dataclass
class Site:
    """The site while it runs."""

    origin: str = ""
    broken: set[str] = field(default_factory=set)
    """What goes wrong: `player` (the answer is an error), `link` (no recording is given out), `first` (no picture is
    given out with the first link).
    """
    expires_at: int = 4_000_000_000
    links: int = 0
    """Links given out so far; only the last works."""


@contextmanager
def player_site() -> Iterator[Site]:
    """The site on a free port."""
    _film(), _sound()  # not while a test waits for them
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, site))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    site.origin = f"http://127.0.0.1:{server.server_address[1]}"
    yield site
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def described(item: str, site: Site) -> dict[str, Any] | None:
    """The answer for an item; None if there is none of that id."""
    is_film = item == "film"
    if item not in ("film", "talk", "announced"):
        return None
    name = "film.webm" if is_film else "talk.ogg"
    return {
        "id": item,
        "title": "How a storm is made" if is_film else "The weather in four parts, told from the ground up",
        "creator": "Ines Okafor",
        "series": "Weather for everyone",
        "kind": "talk",
        "medium": "video" if is_film else "audio",
        "description": "What happens between a blue morning and a thunderstorm.",
        "published": "2024-05-01",
        "duration_ms": FILM_MS,
        "image_url": "/art.jpg",
        "recording": None
        if item == "announced"
        else {"url": f"/{name}?link={site.links}", "media_type": "video/webm", "expires_at": site.expires_at},
        "captions": [{"url": "/captions.vtt", "language": "en"}],
        "peaks": [round(255 * abs(math.sin(n / 9) * math.cos(n / 41)) ** 0.7) for n in range(1000)],
        "chapters": [
            {"start_ms": n * FILM_MS // 4, "title": title, "url": "", "image_url": ""}
            for n, title in enumerate(("Water", "Rising air", "Lightning", "Afterwards"))
        ],
        "slides": [
            {
                "start_ms": n * SCENE_S * 1000,
                "end_ms": (n + 1) * SCENE_S * 1000,
                "image_url": f"/slide{n}.jpg?link={site.links}",
                "text": " ".join(SENTENCES[2 * n : 2 * n + 2]),
            }
            for n in range(SCENES)
        ]
        if is_film
        else [],
        "page_url": f"/watch/{item}",
        "embed_url": f"/embed/{item}",
    }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, site: Site, *arguments: Any) -> None:
        self.site = site
        super().__init__(*arguments)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        match url.path.strip("/").split("/"):
            case ["api", "v1", "items", item, "player"]:
                self._player(item)
            case ["api", "v1", "items", _, "moments"]:
                words = parse_qs(url.query)["q"][0].lower().split()
                self._json(
                    {"moments": [line for line in _lines() if any(word in line["text"].lower() for word in words)]}
                )
            case ["static", *path]:
                file = STATIC.joinpath(*path)
                self._send(file.read_bytes(), TYPES.get(file.suffix, "text/plain"))
            case ["captions.vtt"]:
                self._send(_captions().encode(), "text/vtt")
            case ["film.webm"] | ["talk.ogg"]:
                self._recording(url.query, _film() if "film" in url.path else _sound())
            case [name] if name.endswith(".jpg") and "first" in self.site.broken and url.query == "link=1":
                self._json({"error": {"code": "link_expired", "message": "This link has expired."}}, 403)
            case [name] if name.endswith(".jpg"):
                self._send(_picture(name), "image/jpeg")
            case ["page"]:
                self._send(_page(parse_qs(url.query)).encode(), "text/html; charset=utf-8")
            case _:
                self._json({"error": {"code": "not_found", "message": "There is nothing here."}}, 404)

    def _player(self, item: str) -> None:
        if "player" in self.site.broken:
            self._json({"error": {"code": "starting", "message": "Sori is still starting."}}, 503)
            return
        self.site.links += 1
        answer = described(item, self.site)
        if answer:
            self._json(answer)
        else:
            self._json({"error": {"code": "not_found", "message": "There is no such item."}}, 404)

    def _recording(self, query: str, content: bytes) -> None:
        if "link" in self.site.broken or query != f"link={self.site.links}":
            self._json({"error": {"code": "link_expired", "message": "This link has expired."}}, 403)
            return
        part = requested_part(self.headers.get("range", ""), len(content))
        if part is None:
            self._send(content, "video/webm")
        else:
            self._send(
                content[part.start : part.stop], "video/webm", 206, f"bytes {part.start}-{part.stop - 1}/{len(content)}"
            )

    def _json(self, value: Any, status: int = 200) -> None:
        self._send(json.dumps(value).encode(), "application/json", status)

    def _send(self, body: bytes, kind: str, status: int = 200, content_range: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Accept-Ranges", "bytes")
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        with suppress(ConnectionError):  # the browser has gone on to something else
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _page(query: dict[str, list[str]]) -> str:
    attributes = " ".join(f'{name}="{values[0]}"' for name, values in query.items() if name not in ("dir", "theme"))
    direction, theme = query.get("dir", ["ltr"])[0], query.get("theme", ["light"])[0]
    return (
        f'<!doctype html><html lang="en" dir="{direction}" data-theme="{theme}"><head><meta charset="utf-8">'
        "<title>A site</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/static/design/tokens.css"><link rel="stylesheet" href="/static/design/base.css">'
        '<script type="module" src="/static/player/sori-player.js"></script></head>'
        f"<body><main><h1>A site</h1><sori-player {attributes}></sori-player></main></body></html>"
    )


def _lines() -> list[dict[str, Any]]:
    each = FILM_MS // len(SENTENCES)
    return [
        {"start_ms": n * each, "end_ms": (n + 1) * each, "speaker": "Ines Okafor", "text": text}
        for n, text in enumerate(SENTENCES)
    ]


def _captions() -> str:
    cues = [
        f"00:{line['start_ms'] / 1000:06.3f} --> 00:{line['end_ms'] / 1000:06.3f}\n<v {line['speaker']}>{line['text']}"
        for line in _lines()
    ]
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def _image(scene: int) -> np.ndarray[Any, Any]:
    image = np.empty((180, 320, 3), np.uint8)
    image[:] = COLOURS[scene % len(COLOURS)]
    y, x = np.mgrid[:180, :320]
    image[(x - 80 - 80 * scene) ** 2 + (y - 90) ** 2 < 45**2] = 235
    image[130:134] = 200
    return image


@cache
def _picture(name: str) -> bytes:
    scene = int(name[5]) if name.startswith("slide") else 0
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 320, 180, "yuvj420p", 1  # type: ignore[attr-defined,assignment]
    frame = av.VideoFrame.from_ndarray(_image(scene), format="rgb24").reformat(format="yuvj420p")
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])  # type: ignore[attr-defined]


@cache
def _film() -> bytes:
    return _container("webm", pictures=True)


@cache
def _sound() -> bytes:
    return _container("webm", pictures=False)


def _container(form: str, *, pictures: bool) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        sound = container.add_stream("libopus", rate=RATE, layout="mono")
        video = container.add_stream("libvpx", rate=FRAMES_A_SECOND) if pictures else None
        if video:
            video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
            video.options = {"deadline": "realtime", "cpu-used": "8"}
        for second in range(FILM_MS // 1000):
            if video:
                for _ in range(FRAMES_A_SECOND):
                    container.mux(video.encode(av.VideoFrame.from_ndarray(_image(second // SCENE_S), format="rgb24")))
            tone = (np.sin(np.arange(RATE) * 2 * np.pi * (220 + 10 * second) / RATE) * 3000).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(tone[None], format="s16", layout="mono")
            frame.sample_rate = RATE
            container.mux(sound.encode(frame))
        for stream in filter(None, (video, sound)):
            container.mux(stream.encode(None))
    return file.getvalue()
