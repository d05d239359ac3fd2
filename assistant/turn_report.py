"""What is reported of a turn: to HTTP clients, to `--json` and to the page."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from assistant.hypotheses import Choice, Decision, Weighed
from assistant.trace import Trace
from skills.fact import Fact
from skills.skill import Entity, Understanding
from skills.turn import Hypothesis, Message, Reply, RequestId


class Outcome(StrEnum):
    """What became of an utterance."""

    ANSWERED = "answered"
    OUT_OF_SCOPE = "out_of_scope"
    """Understood, and nothing that the assistant can do: it said so."""
    CLARIFY = "clarify"
    """Two readings were too close: which one was meant is asked."""
    NO_INPUT = "no_input"
    """Nobody spoke."""
    NO_MATCH = "no_match"
    """Speech that is nothing to act on: not understood, or not meant for the assistant. Nothing was done."""
    SUPERSEDED = "superseded"
    """A newer utterance came before this one was answered: it has no effect."""
    FAILED = "failed"


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


class ReadingReport(Message):
    """One reading of what was heard, and what spoke for it."""

    text: str
    acoustic: float = Field(description="The recogniser's share for this reading, 0 to 1.")
    understanding: UnderstandingReport
    meant: str = Field(description="The outcome it would have; readings that mean the same are not told apart.")
    fit: float | None = Field(
        description="How well what it names fits what there is, 0 to 1; null if it names nothing."
    )
    utility: float
    probability: float


class ChoiceReport(Message):
    """Why a spoken utterance was taken as it was: accepted, asked about or rejected."""

    decision: Decision
    readings: tuple[ReadingReport, ...] = Field(description="Best first; those that could not win are left out.")
    unknown: float = Field(description="Share of the speech that no known word fits.")
    none: float = Field(description="Probability that none of it was meant for the assistant.")
    margin: float = Field(description="Lead in probability of the best outcome over the next.")


class TraceReport(Message):
    """Milliseconds per stage and in all."""

    stages_ms: dict[str, float]
    total_ms: float


class TurnReport(Message):
    """One whole turn."""

    dialog_request_id: RequestId
    outcome: Outcome
    transcript: str
    alternatives: tuple[Hypothesis, ...]
    choice: ChoiceReport | None = Field(default=None, description="Of a spoken utterance that was understood.")
    understanding: UnderstandingReport
    reply: Reply
    failure: Failure | None = None
    trace: TraceReport
    private: bool = Field(default=False, description="What was said is a secret, as a PIN is, and is not kept.")
    facts: tuple[Fact, ...] = Field(default=(), description="What the turn has come to, as a shop counts it.")
    conversation: str = Field(default="", description="Token that continues this conversation.")


def report_understanding(understanding: Understanding) -> UnderstandingReport:
    """An understanding as it is reported."""
    return UnderstandingReport(
        intent=understanding.intent,
        confidence=understanding.confidence,
        entities=tuple(_entity(entity) for entity in understanding.entities),
        ranking=tuple(
            RankedIntent(intent=intent, confidence=confidence) for intent, confidence in understanding.ranking
        ),
    )


def report_choice(choice: Choice, unknown: float) -> ChoiceReport:
    """A choice as it is reported."""
    return ChoiceReport(
        decision=choice.decision,
        readings=tuple(_reading(weighed) for weighed in choice.readings),
        unknown=round(unknown, 4),
        none=round(choice.none, 4),
        margin=round(choice.margin, 4),
    )


def report_trace(trace: Trace) -> TraceReport:
    """A trace as it is reported."""
    return TraceReport(stages_ms=dict(trace.stages_ms), total_ms=trace.total_ms)


def _entity(entity: Entity) -> FoundEntity:
    return FoundEntity(**vars(entity))


def _reading(weighed: Weighed) -> ReadingReport:
    candidate = weighed.candidate
    fit = candidate.grounding.fit
    return ReadingReport(
        text=candidate.text,
        acoustic=round(candidate.acoustic, 4),
        understanding=report_understanding(candidate.understanding),
        meant=candidate.grounding.meant,
        fit=None if fit is None else round(fit, 4),
        utility=round(weighed.utility, 4),
        probability=round(weighed.probability, 4),
    )
