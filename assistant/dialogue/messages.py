"""What passes between the service and the worker, each beside its wire form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from assistant.rasa_worker.frames import Frame
from skills.skill import Entity, Understanding

Json = dict[str, Any]


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
        return cls(read_understanding(frame["understanding"]), tuple(frame["messages"]), timings)


@dataclass(frozen=True)
class ActionCall:
    """Rasa asks the service to run an action."""

    name: str
    conversation: str
    understanding: Understanding
    slots: Json
    metadata: Json
    """What the service gave with the turn."""

    @classmethod
    def from_frame(cls, frame: Frame) -> ActionCall:
        """Read the wire form."""
        entities = _entities(frame["entities"])
        return cls(
            name=frame["name"],
            conversation=frame["conversation"],
            understanding=Understanding(frame["text"], frame["intent"] or "", frame["confidence"], entities),
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


def read_understanding(frame: Frame) -> Understanding:
    """Read the wire form; the intent is "nlu_fallback" where nothing was understood."""
    ranking = tuple((name, confidence) for name, confidence in frame["ranking"])
    return Understanding(frame["text"], frame["intent"], frame["confidence"], _entities(frame["entities"]), ranking)


def _entities(frames: list[Frame]) -> tuple[Entity, ...]:
    return tuple(Entity(**entity) for entity in frames)
