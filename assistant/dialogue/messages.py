"""What passes between the service and the worker, each beside its wire form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assistant.rasa_worker.frames import Frame

Json = dict[str, Any]


@dataclass(frozen=True)
class Entity:
    """A stretch of an utterance that names something; `start` and `end` count in the understanding's text."""

    name: str
    value: str
    """What the text stands for: "episode" has the value "podcast", "second" has "2", "last" has "-1"."""
    text: str
    start: int
    end: int
    confidence: float
    role: str | None = None


@dataclass(frozen=True)
class Understanding:
    """What was understood; `intent` is "nlu_fallback" where nothing was. Confidences lie between 0 and 1."""

    text: str
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]
    """The likeliest intents, at most five, best first."""
    entities: tuple[Entity, ...]

    @classmethod
    def from_frame(cls, frame: Frame) -> Understanding:
        """Read the wire form."""
        ranking = tuple((name, confidence) for name, confidence in frame["ranking"])
        return cls(frame["text"], frame["intent"], frame["confidence"], ranking, _entities(frame["entities"]))


@dataclass(frozen=True)
class Timings:
    """Milliseconds of a turn: in the worker by stage, of them in the service's callbacks, and all in all."""

    understanding: float
    dialogue: float
    callbacks: float
    total: float


@dataclass(frozen=True)
class DialogueTurn:
    """One turn: what was understood, and the responses in their order (what actions say is not among them)."""

    understanding: Understanding
    responses: tuple[str, ...]
    timings: Timings

    @classmethod
    def from_frame(cls, frame: Frame, total_ms: float) -> DialogueTurn:
        """Read the wire form; `total_ms` is what the service measured."""
        timings = Timings(**frame["timings_ms"], total=total_ms)
        return cls(Understanding.from_frame(frame["understanding"]), tuple(frame["messages"]), timings)


@dataclass(frozen=True)
class ActionCall:
    """Rasa asks the service to run an action."""

    name: str
    conversation: str
    text: str
    intent: str
    confidence: float
    entities: tuple[Entity, ...]
    slots: Json
    metadata: Json
    """What the service gave with the turn."""

    @classmethod
    def from_frame(cls, frame: Frame) -> ActionCall:
        """Read the wire form."""
        return cls(
            name=frame["name"],
            conversation=frame["conversation"],
            text=frame["text"],
            intent=frame["intent"] or "",
            confidence=frame["confidence"],
            entities=_entities(frame["entities"]),
            slots=frame["slots"],
            metadata=frame["metadata"],
        )


@dataclass(frozen=True)
class ActionResult:
    """What an action gives Rasa: events in Rasa's own form, such as `{"event": "slot", "name": ..., "value": ...}`."""

    events: list[Json] = field(default_factory=list)


@dataclass(frozen=True)
class ResponseCall:
    """Rasa asks the service for the wording of a response."""

    name: str
    conversation: str
    intent: str
    variants: tuple[str, ...]
    """The wordings that the domain holds, for a service that has none of its own."""
    slots: Json
    metadata: Json

    @classmethod
    def from_frame(cls, frame: Frame) -> ResponseCall:
        """Read the wire form."""
        return cls(
            name=frame["name"],
            conversation=frame["conversation"],
            intent=frame["intent"] or "",
            variants=tuple(frame["variants"]),
            slots=frame["slots"],
            metadata=frame["metadata"],
        )


def _entities(frames: list[Frame]) -> tuple[Entity, ...]:
    return tuple(Entity(**entity) for entity in frames)
