"""Conversations with the drafts: each question answered as it would be once they are published, and as it is now."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from assistant.channels.allowance import Allowances
from assistant.errors import ServiceError
from assistant.shopping import Shopping
from assistant.trying.reasoning import Candidate, candidates, understood
from assistant.trying.situation import Situation, utterance
from assistant.turn_report import TurnReport
from skills.fact import Fact
from skills.shopping.handing import ASK
from skills.shopping.shop import Shop
from skills.turn import Hypothesis, Utterance

HELD, TURNS_MAX = 500, 50
"""Conversations that are held, and how many of their last turns."""
CANDIDATES = 4
ASKED_PER_S, ASKED_AT_ONCE = 2.0, 60
"""Questions of one account: many times what a person asks."""
A_PERSON = "(Here your people would be asked to join.)"

Turn = Callable[[Utterance], Awaitable[TurnReport]]


@dataclass(frozen=True)
class Tried:
    """One question, what would be answered, why, and what is answered today."""

    asked: str
    spoken: bool
    answer: str
    speech: str
    shown: tuple[str, ...]
    """Titles of the products beside the words."""
    quick: tuple[str, ...]
    """What could be tapped to say next."""
    understood: str
    facts: tuple[Fact, ...]
    candidates: tuple[Candidate, ...]
    live: str
    """What customers get today."""

    @property
    def changes(self) -> bool:
        """Whether customers get something else today."""
        return self.answer != self.live


@dataclass
class Trial:
    """One conversation with the drafts."""

    id: str
    situation: Situation = field(default_factory=Situation)
    said: list[Tried] = field(default_factory=list)


class Trials:
    """Of all shops' people, each one's own; nothing of them is kept longer than the service runs."""

    def __init__(self, turn: Turn, shopping: Shopping) -> None:
        self._turn = turn
        self._shopping = shopping
        self._allowances = Allowances(ASKED_PER_S, ASKED_AT_ONCE, HELD)
        self._held: OrderedDict[tuple[str, str, str], Trial] = OrderedDict()

    def find(self, shop: str, account: str, identity: str) -> Trial:
        """This person's trial of this id in this shop, or a new one."""
        key = (shop, account, identity)
        trial = self._held.get(key)
        if trial is None:
            trial = Trial(secrets.token_hex(8))
            self._held[shop, account, trial.id] = trial
            while len(self._held) > HELD:
                self._held.popitem(last=False)
        else:
            self._held.move_to_end(key)
        return trial

    async def ask(
        self,
        shop: Shop,
        account: str,
        trial: Trial,
        said: tuple[Hypothesis, ...],
        *,
        spoken: bool = False,
        unknown: float = 0.0,
    ) -> Tried:
        """Ask the drafts, and for comparison what is live.

        Raises:
            ServiceError: `too_many_messages`.
        """
        if not self._allowances.take(account, time.monotonic()):
            raise ServiceError("too_many_messages", "One question at a time, please. Try again in a few seconds.", 429)
        tried = await self.once(
            shop, _conversation(shop.id, account, trial.id), said, trial.situation, spoken=spoken, unknown=unknown
        )
        trial.said = [*trial.said, tried][-TURNS_MAX:]
        return tried

    async def once(
        self,
        shop: Shop,
        conversation: str,
        said: tuple[Hypothesis, ...],
        situation: Situation,
        *,
        spoken: bool = False,
        unknown: float = 0.0,
    ) -> Tried:
        """One question within a conversation that is tried."""
        request = secrets.token_hex(16)  # of both: greetings and the like take turns by it
        asked = utterance(shop.id, conversation, request, said, situation, spoken=spoken, unknown=unknown)
        today = asked.model_copy(update={"conversation": f"{conversation}-live", "draft": False})
        report, live = await self._turn(asked), await self._turn(today)
        found = await asyncio.to_thread(self._candidates, shop, report, asked)
        reply = report.reply
        return Tried(
            asked=report.transcript,
            spoken=spoken,
            answer=_said(report),
            speech=reply.speech,
            shown=tuple(one.title for one in reply.shop.products) if reply.shop else (),
            quick=tuple(one.utterance for one in reply.quick_replies),
            understood=understood(report),
            facts=report.facts,
            candidates=tuple(found),
            live=_said(live),
        )

    def _candidates(self, shop: Shop, report: TurnReport, asked: Utterance) -> Sequence[Candidate]:
        found = self._shopping.desk.candidates(shop.id, report.transcript, CANDIDATES)
        return candidates(found, report.facts, self._shopping.own.moment(shop, asked))


def _conversation(shop: str, account: str, identity: str) -> str:
    return hashlib.sha256(f"{shop} {account} {identity}".encode()).hexdigest()[:40]


def _said(report: TurnReport) -> str:
    if report.failure:
        return report.failure.message
    return A_PERSON if report.reply.action == ASK else report.reply.text
