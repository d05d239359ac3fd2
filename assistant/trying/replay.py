"""Real questions asked of the drafts, one after another, beside what customers ask: it can be stopped and resumed."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import structlog

from assistant.trying.asked import Asked
from assistant.trying.comparing import Compared, Given
from assistant.trying.situation import Situation, utterance
from assistant.trying.trials import Turn
from skills.fact import Missing, unanswered
from skills.turn import Hypothesis

log = structlog.get_logger(__name__)

HELD = 64
"""Shops whose last replay is held."""


class State(StrEnum):
    """What a replay is doing."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"


@dataclass
class Replay:
    """One replay of the days from `first` to `last`; `compared` grows while it runs."""

    id: str
    first: date
    last: date
    draft_revision: int
    """The drafts that it began with."""
    asked: Sequence[Asked]
    compared: list[Compared] = field(default_factory=list)
    state: State = State.STOPPED
    conversations: dict[str, str] = field(default_factory=dict)
    """The conversation that each real one is tried in."""

    @property
    def left(self) -> int:
        """Questions that are still to be asked."""
        return len(self.asked) - len(self.compared)


Read = Callable[[str, datetime, datetime], list[Asked]]


class Replays:
    """The last replay of each shop. One at a time: what customers ask comes first."""

    def __init__(self, turn: Turn, read: Read) -> None:
        """`read` blocks."""
        self._turn, self._read = turn, read
        self._held: OrderedDict[str, Replay] = OrderedDict()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._turn_of = asyncio.Lock()

    def last(self, shop: str) -> Replay | None:
        """The shop's last replay."""
        return self._held.get(shop)

    async def begin(
        self, shop: str, first: date, last: date, since: datetime, until: datetime, revision: int
    ) -> Replay:
        """Ask what was asked from `since` to `until`; what ran before is given up."""
        asked = await asyncio.to_thread(self._read, shop, since, until)
        await self.stop(shop)
        replay = Replay(secrets.token_hex(8), first, last, revision, asked)
        self._held[shop] = replay
        self._held.move_to_end(shop)
        while len(self._held) > HELD:
            forgotten, _ = self._held.popitem(last=False)
            await self.stop(forgotten)
        self.resume(shop)
        return replay

    def resume(self, shop: str) -> None:
        """Go on where it was stopped."""
        replay = self._held.get(shop)
        if replay is None or replay.state in (State.RUNNING, State.DONE):
            return
        replay.state = State.RUNNING
        self._tasks[shop] = asyncio.create_task(self._run(shop, replay))

    async def stop(self, shop: str) -> None:
        """Stop after the present question; what is compared stays."""
        replay, task = self._held.get(shop), self._tasks.pop(shop, None)
        if replay and replay.state is State.RUNNING:
            replay.state = State.STOPPED
        if task:
            await asyncio.gather(task, return_exceptions=True)

    async def close(self) -> None:
        """Stop all."""
        for shop in tuple(self._tasks):
            await self.stop(shop)

    async def _run(self, shop: str, replay: Replay) -> None:
        try:
            while replay.left and replay.state is State.RUNNING:
                async with self._turn_of:
                    replay.compared.append(await self._compare(shop, replay, replay.asked[len(replay.compared)]))
            if not replay.left:
                replay.state = State.DONE
        except Exception:
            log.exception("a replay failed", shop=shop)
            replay.state = State.FAILED

    async def _compare(self, shop: str, replay: Replay, asked: Asked) -> Compared:
        kept = asked.kept
        body = kept.body
        situation = Situation(
            product=body.page.product if body.page else None,
            page=(body.page.url if body.page else "")[:300],
            signed_in=asked.signed_in,
            at=kept.at,
            language=asked.language,
        )
        tried_in = replay.conversations.setdefault(kept.conversation, secrets.token_hex(16))
        request = secrets.token_hex(16)
        report = await self._turn(utterance(shop, tried_in, request, (Hypothesis(text=body.text),), situation))
        if report.failure:
            after = Given.of(report.failure.message, (unanswered(Missing.FAILED, body.text),))
        else:
            after = Given.of(report.reply.text, report.facts)
        return Compared(kept.conversation, kept.seq, kept.at, body.text, asked.rating, asked.before, after)
