"""Rasa's agent as the worker uses it: one text in, what was understood and what is answered out."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Collection, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.rasa_worker.callbacks import (
    Ask,
    ServiceActions,
    ServiceResponses,
    TurnContext,
    cache_result_validator,
    current_turn,
    entity_frame,
)
from assistant.rasa_worker.errors import WorkerError
from assistant.rasa_worker.faces import FACE, Faces
from assistant.rasa_worker.frames import Frame
from assistant.rasa_worker.importer import NLU_DATA
from assistant.rasa_worker.trackers import BoundedTrackerStore

MAX_TEXT = 1_000
"""Characters of one utterance."""
RANKING = 5
"""Intents of the ranking that are sent."""
MAX_READINGS = 10
"""Texts understood at once: as many readings as an utterance may have."""
KEPT_PARSES = 256
"""Texts, each with its face, whose parse is kept: a turn follows on the understanding of its words."""
_NOTHING: dict[str, Any] = {"text": "", "intent": {"name": None, "confidence": 0.0}, "entities": []}
"""What Rasa makes of a text in which its pipeline found nothing at all."""


class Engine:
    """A loaded model. Turns of one conversation run in the order they came; others run beside them."""

    def __init__(self, agent: Agent, trackers: BoundedTrackerStore, faces: Collection[str]) -> None:
        self._agent = agent
        self._trackers = trackers
        self._faces = faces
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._parses: OrderedDict[tuple[str, str], dict[str, Any]] = OrderedDict()

    @classmethod
    def load(cls, model: Path, max_conversations: int) -> Engine:
        """Load a model that this project has trained; Rasa's own exceptions say what is wrong with it."""
        cache_result_validator()
        trackers, responses = BoundedTrackerStore(max_conversations), ServiceResponses()
        agent = Agent.load(model, generator=responses, tracker_store=trackers, action_endpoint=ServiceActions())
        responses.domain = agent.domain
        return cls(agent, trackers, Faces.load(NLU_DATA).intents.keys())

    @property
    def conversations(self) -> int:
        """How many conversations are remembered."""
        return len(self._trackers)

    async def understand(self, texts: Sequence[str], face: str) -> list[Frame]:
        """What is understood of each text said to a face, outside any conversation: no tracker is touched.

        Raises WorkerError ('too_many_texts', 'bad_request' for an unknown face, and those of `clean`).
        """
        if len(texts) > MAX_READINGS:
            raise WorkerError("too_many_texts", f"{len(texts)} texts are more than {MAX_READINGS}")
        cleaned = [clean(text) for text in texts]
        return [_understanding(text, parsed) for text, parsed in zip(cleaned, self._parse(cleaned, face), strict=True)]

    async def turn(self, conversation: str, text: str, face: str, metadata: dict[str, Any], ask: Ask) -> Frame:
        """One turn: understanding, messages and timings.

        Raises WorkerError where a callback failed, and as `understand` does.
        """
        text = clean(text)
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        async with lock:
            context = TurnContext(ask, metadata)
            current_turn.set(context)
            started = time.perf_counter()
            (parsed,) = self._parse([text], face)
            understood = time.perf_counter()
            messages = await self._answer(conversation, text, metadata, parsed, context)
            ended = time.perf_counter()
        timings = {
            "understanding": understood - started,
            "dialogue": ended - understood - context.waited,
            "callbacks": context.waited,
        }
        return {
            "understanding": _understanding(text, parsed),
            "messages": messages,
            "timings_ms": {stage: round(seconds * 1_000, 3) for stage, seconds in timings.items()},
        }

    def forget(self, conversation: str) -> None:
        """Drop what is remembered of a conversation."""
        self._trackers.forget(conversation)

    def _parse(self, texts: Sequence[str], face: str) -> list[dict[str, Any]]:
        """Rasa's parse of each text; those not met lately go through the pipeline together."""
        if face not in self._faces:
            raise WorkerError("bad_request", f"there is no face {face!r}")
        processor = self._agent.processor
        new = [text for text in dict.fromkeys(texts) if (text, face) not in self._parses]
        if new:
            inputs = {
                PLACEHOLDER_MESSAGE: [UserMessage(text, metadata={FACE: face}) for text in new],
                PLACEHOLDER_TRACKER: DialogueStateTracker.from_events("understanding", []),
            }
            target = processor.model_metadata.nlu_target
            parsed = processor.graph_runner.run(inputs=inputs, targets=[target])[target]
            for text, message in zip(new, parsed, strict=True):
                self._parses[text, face] = {**_NOTHING, **message.as_dict(only_output_properties=True)}
        # A tracker keeps the parse that it is given, and may change it.
        found = [deepcopy(self._parses[text, face]) for text in texts]
        for text in texts:
            self._parses.move_to_end((text, face))
        while len(self._parses) > KEPT_PARSES:
            self._parses.popitem(last=False)
        return found

    async def _answer(
        self, conversation: str, text: str, metadata: dict[str, Any], parsed: dict[str, Any], context: TurnContext
    ) -> list[str]:
        output = CollectingOutputChannel()
        message = UserMessage(text, output, conversation, parse_data=parsed, metadata=metadata)
        try:
            await self._agent.processor.handle_message(message)
            if context.failure is not None:
                raise context.failure
        except BaseException:
            # A turn that broke off leaves a tracker that no rule fits: the conversation starts afresh.
            self._trackers.forget(conversation)
            raise
        return [message["text"] for message in output.messages if message.get("text")]


def clean(text: str) -> str:
    """The text as Rasa may read it; the offsets of entities count in this one.

    A leading slash is Rasa's own notation for an intent, with which anybody could say what was "understood".
    Raises WorkerError ('empty_text', 'text_too_long').
    """
    text = text.strip().lstrip("/ \t\n")
    if not text:
        raise WorkerError("empty_text", "there is nothing to understand in an empty text")
    if len(text) > MAX_TEXT:
        raise WorkerError("text_too_long", f"a text of {len(text)} characters is over the limit of {MAX_TEXT}")
    return text


def _understanding(text: str, parsed: dict[str, Any]) -> Frame:
    ranking = parsed.get("intent_ranking", [])[:RANKING]
    return {
        "text": text,
        "intent": parsed["intent"]["name"],
        "confidence": round(float(parsed["intent"]["confidence"]), 4),
        "ranking": [[entry["name"], round(float(entry["confidence"]), 4)] for entry in ranking],
        "entities": [entity_frame(entity, text) for entity in parsed["entities"]],
    }
