"""What a skill offers to a turn: named actions, each from what was understood to a reply and what to remember."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from skills.fact import Fact
from skills.turn import Reply, Utterance

Memory = Mapping[str, Any]
"""What a skill remembers of a conversation between turns; plain JSON."""


@dataclass(frozen=True)
class Entity:
    """A span of the utterance and what it stands for; `value` is normalised, `text` is as it was said."""

    name: str
    value: str
    text: str
    start: int
    end: int
    confidence: float = 1.0


@dataclass(frozen=True)
class Understanding:
    """What an utterance means; `ranking` holds (intent, confidence), best first."""

    text: str
    intent: str
    confidence: float
    entities: tuple[Entity, ...] = ()
    ranking: tuple[tuple[str, float], ...] = ()

    def value(self, entity: str) -> str:
        """The value of the first entity of this name, or an empty string."""
        return next((found.value for found in self.entities if found.name == entity), "")


@dataclass(frozen=True)
class ActionRequest:
    """One call of an action: the utterance, what it was understood to mean, and the skill's memory."""

    utterance: Utterance
    understanding: Understanding
    memory: Memory


@dataclass(frozen=True)
class ActionResult:
    """An action's reply, the memory to keep, and where its time went (stage -> milliseconds).

    An action that leaves the answer to the dialogue has no reply; `slots` tell the dialogue's rules what it found.
    """

    reply: Reply | None
    memory: Memory
    slots: Mapping[str, bool] = field(default_factory=dict)
    stages_ms: Mapping[str, float] = field(default_factory=dict)
    private: bool = False
    """What was said is a secret, as a PIN is: the turn is kept without it."""
    facts: tuple[Fact, ...] = ()
    """What it has come to, for those who want to learn from what people ask."""


@dataclass(frozen=True)
class Grounding:
    """What an utterance, as it was understood, would come to among a skill's own things: found without any effect.

    It is what one reading of a misheard utterance is weighed against another by.
    """

    meant: str
    """The outcome: between two readings that mean the same there is nothing to ask."""
    fit: float | None = None
    """How well it fits what there is (0 to 1): names the catalogue, places the shelf, answers the open question.
    None where it would fit anything."""
    called: str = ""
    """The name of what was meant, for "did you mean ...?"; empty where the words themselves say it best."""


Ground = Callable[[ActionRequest], Awaitable[Grounding]]

Action = Callable[[ActionRequest], Awaitable[ActionResult]]

Words = Callable[[Utterance, str], str | None]
"""The wording of a response of the dialogue ("utter_greet") in this utterance's place; None where there is none."""
