"""Finds out what was meant: understands the readings of an utterance, grounds them, and has the best one chosen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.dialogue import Dialogue
from assistant.hypotheses import Candidate, Choice, choose, settles
from assistant.turn_memory import TurnMemory
from skills.face import Face
from skills.registry import Skills
from skills.skill import ActionRequest, Grounding, Understanding
from skills.turn import Hypothesis, Utterance

READINGS_MAX = 5


@dataclass(frozen=True)
class Interpreter:
    """Without any effect: no tracker, no memory and no player is touched."""

    skills: Skills
    dialogue: Dialogue
    timeout_s: float
    face: Face = Face.MEDIA

    async def interpret(self, utterance: Utterance, memory: Mapping[str, Any]) -> Choice:
        """Choose among the readings of a spoken utterance, which has at least one that is not empty.

        Another than the first is looked at only where, whatever it means, it could change the decision on the first.
        """
        first, *others = distinct(utterance.alternatives)
        candidates = await self.candidates([first], utterance, memory)
        rivals = [one for one in others if not settles(candidates[0], one.confidence, utterance.unknown)]
        if rivals:
            candidates += await self.candidates(rivals, utterance, memory)
        return choose(candidates, utterance.unknown)

    async def understand(self, text: str) -> Understanding:
        """What one text means."""
        (understanding,) = await self.dialogue.understand([text], self.timeout_s, self.face)
        return understanding

    async def candidates(
        self, readings: Sequence[Hypothesis], utterance: Utterance, memory: Mapping[str, Any]
    ) -> list[Candidate]:
        """What each of these readings means and would come to."""
        texts = [reading.text for reading in readings]
        understandings = await self.dialogue.understand(texts, self.timeout_s, self.face)
        # Readings that differ only in words that carry nothing come to the same.
        contents = {_content(one): one for one in understandings}
        groundings = await asyncio.gather(*(self._ground(utterance, one, memory) for one in contents.values()))
        grounded = dict(zip(contents, groundings, strict=True))
        return [
            Candidate(reading.text, reading.confidence, one, grounded[_content(one)])
            for reading, one in zip(readings, understandings, strict=True)
        ]

    async def _ground(self, utterance: Utterance, understanding: Understanding, memory: Mapping[str, Any]) -> Grounding:
        turns = TurnMemory.read(memory)
        if option := turns.answered_by(understanding):
            return Grounding(f"option {option.text}", 1.0, option.called)
        found = self.skills.find_ground(understanding.intent, self.face)
        if found is None:
            return Grounding(understanding.intent)
        skill, ground = found
        return await ground(ActionRequest(utterance, understanding, memory.get(skill, {})))


def distinct(alternatives: Sequence[Hypothesis]) -> list[Hypothesis]:
    """The readings whose words differ, at most five, best first; the shares of those that do not differ add up."""
    shares: dict[str, float] = {}
    for one in alternatives:
        if text := " ".join(one.text.casefold().split()):
            shares[text] = shares.get(text, 0.0) + one.confidence
    readings = [Hypothesis(text=text, confidence=min(1.0, share)) for text, share in shares.items()]
    return sorted(readings, key=lambda one: -one.confidence)[:READINGS_MAX]


def _content(understanding: Understanding) -> tuple[object, ...]:
    """What a grounding depends on: the words themselves only where nothing in them was made out."""
    named = tuple((entity.name, entity.value) for entity in understanding.entities)
    return (understanding.intent, named, "" if named else understanding.text)
