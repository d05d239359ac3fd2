"""How Rasa's actions and responses reach the service: over the worker's connection, within the turn they belong to."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from assistant.rasa_worker.errors import WorkerError
from assistant.rasa_worker.frames import Frame

Ask = Callable[[Frame], Awaitable[Frame]]
"""Sends a frame to the service and waits for its result."""


@dataclass
class TurnContext:
    """What a callback must know of its turn, which Rasa does not hand on."""

    ask: Ask
    metadata: dict[str, Any]
    """What the service gave with the turn, without what Rasa adds to it."""
    waited: float = 0.0
    """Seconds spent waiting for the service."""
    failure: Exception | None = None
    """The first failed callback: Rasa logs an action's exception and goes on as if nothing had happened."""

    async def call(self, frame: Frame) -> Frame:
        """Ask the service; raises WorkerError where it fails, and remembers that it did."""
        started = time.perf_counter()
        try:
            return await self.ask(frame)
        except WorkerError as error:
            self.failure = self.failure or error
            raise
        finally:
            self.waited += time.perf_counter() - started


current_turn: ContextVar[TurnContext] = ContextVar("current_turn")


class ServiceActions(EndpointConfig):
    """Rasa's action endpoint: runs an action in the service instead of posting the whole conversation somewhere."""

    def __init__(self) -> None:
        # With a selective domain Rasa does not serialize the domain for every call.
        super().__init__(url="service", selective_domain=True)

    async def request(
        self,
        method: str = "post",  # noqa: ARG002 - Rasa's interface
        subpath: str | None = None,  # noqa: ARG002 - Rasa's interface
        content_type: str | None = None,  # noqa: ARG002 - Rasa's interface
        compress: bool = False,  # noqa: ARG002 - Rasa's interface
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Send what an action needs; the answer is the events that it returns."""
        body = kwargs["json"]
        tracker = body["tracker"]
        message = tracker["latest_message"]
        turn = current_turn.get()
        result = await turn.call(
            {
                "op": "action",
                "name": body["next_action"],
                "conversation": body["sender_id"],
                "text": message.get("text") or "",
                "intent": message.get("intent", {}).get("name"),
                "confidence": message.get("intent", {}).get("confidence", 0.0),
                "entities": [entity_frame(entity, message.get("text") or "") for entity in message.get("entities", [])],
                "slots": tracker["slots"],
                "metadata": turn.metadata,
            }
        )
        return {"events": result.get("events", []), "responses": []}


class ServiceResponses(NaturalLanguageGenerator):
    """Rasa's response generator: the service words the response, so an edited wording is live at once."""

    def __init__(self) -> None:
        self.domain = Domain.empty()

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,  # noqa: ARG002 - Rasa's interface
        **kwargs: Any,  # noqa: ARG002 - Rasa's interface
    ) -> dict[str, Any]:
        """Ask for the wording; the domain's own variants go along for a service that has none of its own."""
        message = tracker.latest_message
        variants = [variant["text"] for variant in self.domain.responses.get(utter_action, []) if "text" in variant]
        turn = current_turn.get()
        result = await turn.call(
            {
                "op": "respond",
                "name": utter_action,
                "conversation": tracker.sender_id,
                "intent": message.intent.get("name") if message and message.intent else None,
                "variants": variants,
                "slots": tracker.current_slot_values(),
                "metadata": turn.metadata,
            }
        )
        text = result.get("text")
        if not isinstance(text, str):
            raise WorkerError("bad_result", f"the service gave no text for {utter_action}")
        return {"text": text}


def entity_frame(entity: dict[str, Any], text: str) -> Frame:
    """An entity as it is sent: only what a skill needs."""
    start, end = entity.get("start") or 0, entity.get("end") or 0
    confidence = entity.get("confidence_entity", entity.get("confidence", 1.0))
    frame = {
        "name": entity["entity"],
        "value": str(entity["value"]),
        "text": text[start:end],
        "start": start,
        "end": end,
    }
    return {**frame, "confidence": round(float(confidence), 4)}


def cache_result_validator() -> None:
    """Check an action's result with a schema prepared once: Rasa prepares it for every call, 40 % of a turn."""
    schema = RemoteAction.action_response_format_spec()
    validator = jsonschema.validators.validator_for(schema)(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        try:
            validator.validate(result)
        except jsonschema.ValidationError as error:
            broken = WorkerError("bad_result", f"the result of {self.name()} is not a list of events: {error.message}")
            turn = current_turn.get()
            turn.failure = turn.failure or broken
            raise broken from error
        return True

    RemoteAction._validate_action_result = validate
