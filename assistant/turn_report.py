"""What is reported of a turn: to HTTP clients, to `--json` and to the page."""

from __future__ import annotations

from typing import Self

from pydantic import Field

from assistant.trace import Trace
from skills.skill import Understanding
from skills.turn import Hypothesis, Message, Reply, RequestId, Utterance


class Failure(Message):
    """Why a turn could not be answered; the message was also said."""

    code: str
    message: str


class FoundEntity(Message):
    """A span of the utterance and what it stands for."""

    name: str
    value: str
    text: str
    start: int
    end: int
    confidence: float


class RankedIntent(Message):
    """An intent and how likely it is."""

    intent: str
    confidence: float


class UnderstandingReport(Message):
    """What the utterance was understood to mean."""

    intent: str
    confidence: float
    entities: tuple[FoundEntity, ...] = ()
    ranking: tuple[RankedIntent, ...] = ()


class TraceReport(Message):
    """Milliseconds per stage and in all."""

    stages_ms: dict[str, float]
    total_ms: float


class TurnReport(Message):
    """One whole turn."""

    dialog_request_id: RequestId
    transcript: str
    alternatives: tuple[Hypothesis, ...]
    understanding: UnderstandingReport
    reply: Reply
    failure: Failure | None = None
    trace: TraceReport
    conversation: str = Field(default="", description="Token that continues this conversation.")

    @classmethod
    def of(
        cls, utterance: Utterance, understanding: Understanding, reply: Reply, failure: Failure | None, trace: Trace
    ) -> Self:
        """Gather what a turn produced."""
        return cls(
            dialog_request_id=utterance.dialog_request_id,
            transcript=utterance.text,
            alternatives=utterance.alternatives,
            understanding=UnderstandingReport(
                intent=understanding.intent,
                confidence=understanding.confidence,
                entities=tuple(FoundEntity(**vars(entity)) for entity in understanding.entities),
                ranking=tuple(
                    RankedIntent(intent=intent, confidence=confidence) for intent, confidence in understanding.ranking
                ),
            ),
            reply=reply,
            failure=failure,
            trace=TraceReport(stages_ms=dict(trace.stages_ms), total_ms=trace.total_ms),
        )
