"""Open widgets in a process of their own: `python -m benchmarks.widget_clients ADDRESS < PLAN` prints figures."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from websockets.asyncio.client import ClientConnection, connect

ANSWER_WITHIN_S = 30.0
OPEN_AT_ONCE = 20


@dataclass(frozen=True)
class Plan:
    """`rate` messages a second, in turn from each of `widgets`, for `seconds`, the texts one after the other."""

    widgets: int
    rate: float
    seconds: float
    texts: Sequence[str]


@dataclass
class Figures:
    """`gaps` are numbers of messages that never came, `doubled` answers that came twice."""

    opened_s: float = 0.0
    sent: int = 0
    milliseconds: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    gaps: int = 0
    apologies: int = 0


class Widget:
    """One open widget: it sends, and notes when each answer has come."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._sent: dict[str, float] = {}
        self._answers: Counter[str] = Counter()
        self._numbers: set[int] = set()
        self._news = asyncio.Event()
        self.milliseconds: list[float] = []
        self.apologies = 0

    async def hello(self) -> None:
        await self._socket.send(json.dumps({"type": "hello", "version": 1}))
        welcome = json.loads(await self._socket.recv())
        assert welcome["type"] == "welcome", welcome

    async def ask(self, text: str) -> None:
        identity = secrets.token_hex(8)
        self._sent[identity] = time.perf_counter()
        await self._socket.send(json.dumps({"type": "send", "id": identity, "text": text}))

    async def listen(self) -> None:
        """Until cancelled."""
        async for data in self._socket:
            message = json.loads(data)
            if "seq" in message:
                self._numbers.add(message["seq"])
            if message["type"] == "message" and message["from"] == "bot":
                self._answers[message["id"]] += 1
                self.milliseconds.append((time.perf_counter() - self._sent[message["id"]]) * 1000)
                self.apologies += any(one["text"] == "Try again" for one in message["quick_replies"])
                self._news.set()

    async def settled(self) -> None:
        """Wait for every answer."""
        while self._answers.keys() < self._sent.keys():
            self._news.clear()
            await self._news.wait()

    def into(self, figures: Figures) -> None:
        figures.sent += len(self._sent)
        figures.milliseconds += self.milliseconds
        figures.lost += len(self._sent.keys() - self._answers.keys())
        figures.doubled += sum(count - 1 for count in self._answers.values())
        figures.gaps += 2 * len(self._sent) - len(self._numbers)
        figures.apologies += self.apologies


async def measure(address: str, plan: Plan) -> Figures:
    figures, room, started = Figures(), asyncio.Semaphore(OPEN_AT_ONCE), time.perf_counter()

    async def opened() -> Widget:
        async with room:
            widget = Widget(await connect(address, proxy=None, compression=None, open_timeout=30))
            await widget.hello()
            return widget

    widgets = await asyncio.gather(*(opened() for _ in range(plan.widgets)))
    figures.opened_s = time.perf_counter() - started
    listening = [asyncio.create_task(widget.listen()) for widget in widgets]
    texts, begun = itertools.cycle(plan.texts), time.perf_counter()
    for number in range(round(plan.rate * plan.seconds)):
        await asyncio.sleep(max(0.0, begun + number / plan.rate - time.perf_counter()))
        await widgets[number % len(widgets)].ask(next(texts))
    await asyncio.wait([asyncio.create_task(widget.settled()) for widget in widgets], timeout=ANSWER_WITHIN_S)
    for task in listening:
        task.cancel()
    for widget in widgets:
        widget.into(figures)
    return figures


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(measure(sys.argv[1], Plan(**json.load(sys.stdin)))))))
