"""The other end of the widget's line: speaks the chat's protocol as the service does, by script; breaks on demand.

Nothing of ours is in it but the types of what shops answer: it is the peer that `<sori-chat>` is tried against, in a
real browser and under the strictest content security policy. It also hands out the page, the widget and pictures.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from assistant.web.widget import widget
from tests.pages.chat_views import ANSWERS, cart, form

STATIC = Path(__file__).parents[2] / "assistant" / "web" / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
"""The strictest content security policy under which docs/widget.md promises that the widget works."""
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
SHOP = {
    "name": "Nordfell Outdoor",
    "greeting": "Hello! Looking for something warm, dry or light? Just ask.",
    "suggestions": ["Show me boots", "Where is my order?", "Do you ship to Norway?"],
    "language": "en",
    "open": True,
    "opens": "Monday at 9:00",
}
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 180"><rect width="240" height="180" fill="#dfe9e2"/>'
    '<path d="M70 40h46v52c18 10 52 8 58 34v14H70z" fill="{colour}"/><rect x="66" y="140" width="112" height="10" '
    'rx="4" fill="#39443e"/></svg>'
)


@dataclass
class Thread:
    """One conversation as the peer keeps it."""

    id: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    accepted: dict[str, int] = field(default_factory=dict)
    state: str = "bot"
    read: int = 0


@dataclass
class Peer:
    """The site while it runs; what a test wants to go wrong is said in `broken`."""

    origin: str = ""
    broken: set[str] = field(default_factory=set)
    """`connect` (the socket is refused), `accept` (what is sent is kept, and the line breaks before that is told),
    `mute` (nothing is answered at all)."""
    proactive: list[dict[str, Any]] = field(default_factory=list)
    """Messages that come by themselves."""
    menu: list[dict[str, Any]] = field(default_factory=list)
    pages: list[dict[str, str]] = field(default_factory=list)
    """Those whose messages were asked for."""
    threads: dict[str, Thread] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)
    """All that clients have sent."""
    lock: threading.RLock = field(default_factory=threading.RLock)

    def say(self, thread: Thread, text: str, sender: str = "bot", **more: Any) -> None:
        """A message to all who are in the conversation."""
        with self.lock:
            message = {
                "type": "message",
                "conversation": thread.id,
                "speech": sender == "bot",
                "seq": len(thread.messages) + 1,
                "from": sender,
                "at": "2026-11-23T09:30:00Z",
                "text": text,
                "quick_replies": [],
                "shop": None,
                **more,
            }
            thread.messages.append(message)
            self.tell(thread, message)

    def tell(self, thread: Thread, message: dict[str, Any]) -> None:
        for line in [one for one in self.lines if one.thread is thread]:
            line.tell(message)

    def cut(self) -> None:
        """Every line breaks."""
        for line in list(self.lines):
            line.close()

    @property
    def thread(self) -> Thread:
        """The conversation that was begun last."""
        return list(self.threads.values())[-1]


class Line:
    """One socket."""

    def __init__(self, peer: Peer, handler: BaseHTTPRequestHandler) -> None:
        self.peer, self.handler = peer, handler
        self.protocol = ServerProtocol()
        self.thread: Thread | None = None

    def run(self) -> None:
        request = f"{self.handler.requestline}\r\n{self.handler.headers.as_string().strip()}\r\n\r\n"
        self.protocol.receive_data(request.replace("\r\n", "\n").replace("\n", "\r\n").encode())
        [event] = self.protocol.events_received()
        assert isinstance(event, Request)
        self.protocol.send_response(self.protocol.accept(event))
        self._flush()
        self.peer.lines.append(self)
        with suppress(OSError):
            while data := self.handler.connection.recv(65536):
                self.protocol.receive_data(data)
                for frame in self.protocol.events_received():
                    if isinstance(frame, Frame) and frame.opcode is Opcode.TEXT:
                        self._heard(json.loads(bytes(frame.data)))
                self._flush()
        self.peer.lines.remove(self)

    def tell(self, message: dict[str, Any]) -> None:
        with suppress(Exception):  # the client has gone
            self.protocol.send_text(json.dumps(message).encode())
            self._flush()

    def close(self) -> None:
        with suppress(OSError):
            self.handler.connection.shutdown(2)

    def _flush(self) -> None:
        with suppress(OSError):
            self.handler.connection.sendall(b"".join(self.protocol.data_to_send()))

    def _heard(self, told: dict[str, Any]) -> None:
        peer = self.peer
        with peer.lock:
            peer.heard.append(told)
            if "mute" in peer.broken:
                return
            match told:
                case {"type": "hello"}:
                    self._welcome(told.get("conversation") or "", told["last"])
                case {"type": "open", "conversation": conversation}:
                    self._welcome(conversation, 0)
                case {"type": "new"}:
                    self._welcome("", 0)
                case {"type": "read", "seq": seq} if self.thread:
                    self.thread.read = seq
                case {"type": "send"} if self.thread:
                    self._sent(self.thread, told)

    def _welcome(self, conversation: str, last: int) -> None:
        peer = self.peer
        name = conversation or uuid.uuid4().hex
        thread = self.thread = peer.threads.setdefault(name, Thread(name))
        messages = [message for message in thread.messages if message["seq"] > last]
        entries = [
            {
                "id": one.id,
                "title": one.messages[0]["text"] if one.messages else "",
                "at": "2026-11-23T09:30:00Z",
                "unread": sum(message["seq"] > one.read and message["from"] != "shopper" for message in one.messages),
            }
            for one in peer.threads.values()
        ]
        self.tell(
            {
                "type": "welcome",
                "session": "session-1",
                "conversation": thread.id,
                "conversations": entries,
                "state": thread.state,
                "shop": {**SHOP, "menu": peer.menu},
                "messages": messages[-50:],
                "more": len(messages) > 50,
                "name": None,
                "cart": 3,
            }
        )

    def _sent(self, thread: Thread, told: dict[str, Any]) -> None:
        peer, known = self.peer, thread.accepted.get(told["id"])
        if known:
            self.tell({"type": "accepted", "id": told["id"], "seq": known})
            return
        text = told.get("text") or told["label"]
        if text == "Too much":
            self.tell({"type": "error", "code": "too_many", "message": "Please slow down a little.", "id": told["id"]})
            return
        seq = len(thread.messages) + 1
        thread.accepted[told["id"]] = seq
        thread.messages.append(
            {"seq": seq, "id": told["id"], "from": "shopper", "at": "2026-11-23T09:29:00Z", "text": text}
        )
        if "accept" in peer.broken:
            peer.broken.discard("accept")
            self._answer(thread, told, text)
            self.close()
            return
        self.tell({"type": "accepted", "id": told["id"], "seq": seq})
        self._answer(thread, told, text)

    def _answer(self, thread: Thread, told: dict[str, Any], text: str) -> None:
        peer, tap = self.peer, told.get("tap") or {}
        match tap.get("name"):
            case "person.ask":
                thread.state = "waiting"
                peer.tell(thread, {"type": "state", "state": "waiting", "name": None})
                return
            case "person.leave":
                thread.state = "bot"
                peer.tell(thread, {"type": "state", "state": "bot", "name": None})
                return
            case "cart.quantity":
                quantity = tap["values"]["quantity"]
                peer.tell(thread, {"type": "cart", "count": quantity + 1})
                view = cart(quantity, revision=2).model_dump(mode="json")
                peer.say(thread, "I changed that.", shop=view)
                return
            case "checkout.update" if tap["values"]["email"].endswith(".invalid"):
                view = form("We cannot write to that address.").model_dump(mode="json")
                peer.say(thread, "One thing is not right yet.", shop=view)
                return
        if text == "Slowly":
            self.tell({"type": "delta", "id": told["id"], "text": "Let me "})
            self.tell({"type": "delta", "id": told["id"], "text": "see"})
            return
        if text == "Nothing":
            return
        answer, view_of, quick = ANSWERS.get(text, (f"You said: {text}", None, ()))
        peer.say(
            thread,
            answer,
            shop=view_of.model_dump(mode="json") if view_of else None,
            quick_replies=[{"text": one, "utterance": one} for one in quick],
        )


@contextmanager
def chat_peer() -> Iterator[Peer]:
    """The site on a free port."""
    peer = Peer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, peer))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    peer.origin = f"http://127.0.0.1:{server.server_address[1]}"
    yield peer
    peer.cut()
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, peer: Peer, *arguments: Any) -> None:
        self.peer = peer
        super().__init__(*arguments)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = parse_qs(url.query, keep_blank_values=True)
        match url.path.strip("/").split("/"):
            case ["api", "v1", "chat"]:
                self.close_connection = True
                if "connect" in self.peer.broken:
                    self._send(b"", "text/plain", 503)
                else:
                    Line(self.peer, self).run()
            case ["api", "v1", "chat", "messages"]:
                thread, before = self.peer.threads[query["conversation"][0]], int(query["before"][0])
                older = [message for message in thread.messages if message["seq"] < before]
                self._json({"messages": older[-50:], "more": len(older) > 50})
            case ["api", "v1", "chat", "config"]:
                self.peer.pages.append({name: values[0] for name, values in query.items()})
                self._json({"proactive": self.peer.proactive})
            case ["static", "chat", "sori-chat.js"] if "modules" not in self.peer.broken:
                self._send(widget()[0], "text/javascript")
            case ["static", *path]:
                file = STATIC.joinpath(*path)
                self._send(file.read_bytes(), TYPES.get(file.suffix, "text/plain"))
            case ["shops", _, "pictures", name]:
                colour = f"#{(hash(name) & 0x3F3F3F) + 0x404040:06x}"
                self._send(PICTURE.replace("{colour}", colour).encode(), "image/svg+xml")
            case ["page"]:
                self._send(_page(query).encode(), "text/html; charset=utf-8")
            case _:
                self._json({"error": {"code": "not_found", "message": "There is nothing here."}}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        match self.path.split("?")[0].rsplit("/", 1)[-1]:
            case "voice":
                self.peer.heard.append({"type": "voice", "kind": self.headers["content-type"], "size": len(body)})
                self._json({"voice": "recording-1", "text": "Show me boots", "alternatives": []})
            case "pair" if json.loads(body)["code"] == "K7F4QX":
                self._json({"session": "session-2", "conversation": next(iter(self.peer.threads))})
            case _:
                self._json({"error": {"code": "code_unknown", "message": "This code is not known, or too old."}}, 404)

    def _json(self, value: Any, status: int = 200) -> None:
        self._send(json.dumps(value).encode(), "application/json", status)

    def _send(self, body: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def _page(query: dict[str, list[str]]) -> str:
    own = ("dir", "scheme")
    attributes = " ".join(f'{name}="{values[0]}"' for name, values in query.items() if name not in own)
    direction, scheme = query.get("dir", ["ltr"])[0], query.get("scheme", ["light"])[0]
    return (
        f'<!doctype html><html lang="en" dir="{direction}" data-theme="{scheme}"><head><meta charset="utf-8">'
        "<title>A shop</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/static/design/tokens.css"><link rel="stylesheet" href="/static/design/base.css">'
        '<script type="application/ld+json">{"@type": "Product", "sku": "trail-boot"}</script>'
        '<script type="module" src="/static/chat/sori-chat.js"></script></head>'
        "<body><header>A shop of ours</header><main><h1>A shop</h1><p>Boots.</p></main>"
        f'<sori-chat store="nordfell" {attributes}></sori-chat></body></html>'
    )


if __name__ == "__main__":  # a page to try the widget on by hand, without the service
    with chat_peer() as tried:
        print(f"{tried.origin}/page", flush=True)
        threading.Event().wait()
