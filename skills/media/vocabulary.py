"""What listeners can be expected to say about a catalogue, for the recogniser's language model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from skills.media.catalogue import Item

Weighted = tuple[str, float]
"""A sentence and how much more often than others it is said."""

_TITLE_FORMS = ("{}", "play {}", "find {}", "put on {}", "i want to hear {}", "start {}")
_MAKER_FORMS = ("something by {}", "play something by {}", "anything by {}", "find me {kind}s by {}", "more from {}")
_TOPIC_FORMS = (
    "{}",
    "find me {kind}s about {}",
    "find me a {kind} about {}",
    "i want to hear about {}",
    "something about {}",
    "do you have anything about {}",
    "play a {kind} about {}",
    "what do you have on {}",
)
_MOOD_FORMS = ("something {}", "play something {}", "find me something {} for the evening", "a {} {kind}", "{} {kind}s")

COMMANDS = (
    "pause", "pause it", "resume", "go on", "continue", "stop", "stop playing", "next", "next one", "the next one",
    "previous", "go back", "louder", "turn it up", "quieter", "turn it down", "volume up", "volume down",
    "what's playing", "what is playing", "what is this", "help", "what can you do", "thanks", "thank you", "goodbye",
    "yes", "yes please", "no", "no thanks", "say that again", "what else", "tell me more", "more results", "play it",
    "the first one", "the second one", "the third one", "the fourth one", "the fifth one", "the last one",
    "play the first one", "play the second one", "play the third one", "play the last one", "number one", "number two",
    "number three", "number four", "number five",
)  # fmt: skip
COMMAND_WEIGHT = 20.0
"""A command is said far more often than any one title."""


def sentences(items: Iterable[Item]) -> Iterator[Weighted]:
    """Commands, every name and topic of the catalogue in what people say around it, and its own prose."""
    yield from ((command, COMMAND_WEIGHT) for command in COMMANDS)
    for item in items:
        yield from ((form.format(item.title), 1.0) for form in _TITLE_FORMS)
        yield f"play {item.title} by {item.creator}", 1.0
        for maker in filter(None, (item.creator, item.series)):
            yield from ((form.format(maker, kind=item.kind_name), 0.3) for form in _MAKER_FORMS)
        for tag in item.tags:
            yield from ((form.format(tag, kind=item.kind_name), 1.0) for form in _TOPIC_FORMS)
        for mood in item.moods:
            yield from ((form.format(mood, kind=item.kind_name), 0.5) for form in _MOOD_FORMS)
        yield from ((part, 0.2) for part in re.split(r"(?<=[.!?:;])\s+", item.description))
