"""A sentence from a satellite as a turn of the house, and its reply as Wyoming has it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from wyoming.event import Eventable
from wyoming.handle import Handled, NotHandled
from wyoming.intent import Entity, Intent, NotRecognized

from assistant.house import House
from assistant.satellites.recent_transcripts import RecentTranscripts
from assistant.satellites.requests import Recognize, Sentence
from assistant.turn_report import Outcome, TurnReport
from skills.turn import Channel, Hypothesis, Trigger, Utterance

REMEMBERED = timedelta(minutes=30)
"""After such a silence a satellite begins a new conversation: whoever speaks then may be somebody else, and "the second
one" means nothing any more."""

WHO = ("conversation_id", "satellite_id", "device_id")
"""What Home Assistant puts into a context, the most exact first."""

HANDLED = (Outcome.ANSWERED, Outcome.CLARIFY)
"""Anything else was refused or failed; what is said then comes with it too."""


class Answering:
    """Answers one connection's sentences."""

    def __init__(self, house: House, peer: str, recent: RecentTranscripts) -> None:
        self._house = house
        self._peer = peer
        self._recent = recent

    async def answer(self, request: Sentence) -> Eventable:
        """Take the turn: what to say, for `recognize` with what was meant, or why there is no answer.

        Raises:
            ServiceError: `storage_failed`.
        """
        report = await self._turn(request)
        handled, speech, context = report.outcome in HANDLED, report.reply.speech, request.context
        if not isinstance(request, Recognize):
            return Handled(speech, context) if handled else NotHandled(speech, context)
        if not handled:
            return NotRecognized(speech, context)
        entities = [Entity(entity.name, entity.value) for entity in report.understanding.entities]
        return Intent(report.understanding.intent, entities, speech, context)

    async def _turn(self, request: Sentence) -> TurnReport:
        house, listener = self._house, listener_key(self._peer, request.context)
        conversation = await asyncio.to_thread(
            house.store.satellite_conversation,
            listener,
            house.conversations.new(),
            datetime.now(UTC) - REMEMBERED,
        )
        heard = self._recent.take(self._peer, request.text, time.monotonic())
        alternatives = (
            [Hypothesis(text=one.text, confidence=one.confidence) for one in heard.alternatives] if heard else []
        )
        utterance = Utterance(
            conversation=conversation,
            dialog_request_id=secrets.token_hex(8),
            channel=Channel.SPEAKER,
            alternatives=tuple(alternatives) or (Hypothesis(text=request.text),),
            spoken=heard is not None,
            unknown=heard.unknown if heard else 0.0,
            trigger=Trigger.WAKE,
            listener=listener,
        )
        # Shielded: no action is cut off half-way because a client leaves.
        return await asyncio.shield(house.turn(utterance))


def listener_key(peer: str, context: Mapping[str, Any] | None) -> str:
    """Who is talking, as far as this protocol tells, as 64 hexadecimal digits.

    That is the conversation, the satellite or the device that the context names, or else the peer itself. Names count
    within one peer only: nothing that a host sends can make it another host's listener.
    """
    named = ((name, (context or {}).get(name)) for name in WHO)
    who = next(((name, value) for name, value in named if isinstance(value, str) and value), ())
    return hashlib.sha256(json.dumps([peer, *who]).encode()).hexdigest()
