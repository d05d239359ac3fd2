"""What listeners can be expected to say about a catalogue, for the recogniser's language model."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from search_index import query_terms
from skills.media.catalogue import Item

Weighted = tuple[str, float]
"""A sentence and how much more often than others it is said."""

_TITLE_FORMS = ("{title}", "play {title}", "find {title}", "put on {title}", "i want to hear {title}", "start {title}")
_BOTH_FORM = "play {title} by {creator}"
_MAKER_FORMS = (
    "follow {creator}",
    "what's new from {creator}",
    "something by {creator}",
    "play something by {creator}",
    "anything by {creator}",
    "find me {kind}s by {creator}",
    "more from {creator}",
    "follow {creator}",
    "what's new from {creator}",
)
_TOPIC_FORMS = (
    "{topic}",
    "find me {kind}s about {topic}",
    "find me a {kind} about {topic}",
    "i want to hear about {topic}",
    "something about {topic}",
    "do you have anything about {topic}",
    "play a {kind} about {topic}",
    "what do you have on {topic}",
    "find where they talk about {topic}",
    "go to the part about {topic}",
)
_MOOD_FORMS = (
    "something {mood}",
    "play something {mood}",
    "find me something {mood} for the evening",
    "a {mood} {kind}",
    "{mood} {kind}s",
)
_MOMENT_FORMS = (
    "find where they talk about {detail}",
    "where do they mention {detail}",
    "go to the part with {detail}",
    "the part about {detail}",
)
_MAKER_WEIGHT = 0.3
_MOMENT_WEIGHT = 0.1
DETAILS = 25
"""Words of one transcript by which people may ask for a moment of it."""
_MOOD_WEIGHT = 0.5

COMMANDS = (
    "pause", "pause it", "resume", "go on", "continue", "stop", "stop playing", "next", "next one", "the next one",
    "previous", "go back", "louder", "turn it up", "quieter", "turn it down", "volume up", "volume down",
    "what's playing", "what is playing", "what is this", "help", "what can you do", "thanks", "thank you", "goodbye",
    "yes", "yes please", "no", "no thanks", "say that again", "what else", "tell me more", "more results", "play it",
    "the first one", "the second one", "the third one", "the fourth one", "the fifth one", "the last one",
    "play the first one", "play the second one", "play the third one", "play the last one", "number one", "number two",
    "number three", "number four", "number five", "skip forward thirty seconds", "go back thirty seconds",
    "go back a bit", "from the beginning", "faster", "slower", "normal speed", "repeat this song", "shuffle",
    "stop repeating", "what's next", "add this to the queue", "clear the queue", "stop in twenty minutes",
    "cancel the timer", "continue where i left off", "something shorter", "something newer",
    "next mention", "previous mention", "where else do they say that", "play it from there", "just that part",
    "who said that", "who is speaking", "a bit before that", "start a little earlier", "next scene", "previous scene",
    "skip this scene", "repeat this scene", "go to scene five", "the last scene", "play this scene slower",
    "the other one", "no the other one", "not that one", "more popular", "in another language", "something else by her",
    "follow this", "subscribe to this", "stop following this", "who do i follow", "what's new",
    "what's new from who i follow", "any new episodes", "what's live now", "is anyone live", "what's coming up",
    "what's on tonight", "when is the next live show", "add this to my playlist", "take this off my playlist",
    "play my playlist", "what playlists do i have",
)  # fmt: skip
RECOGNISED = "en"
"""The language that the recogniser hears: prose in others would only be taken for it."""
COMMAND_WEIGHT = 20.0
"""A command is said far more often than any one title."""


def sentences(items: Iterable[Item]) -> Iterator[Weighted]:
    """Commands, every name and topic of the catalogue in what people say around it, and its own prose."""
    yield from ((command, COMMAND_WEIGHT) for command in COMMANDS)
    items = list(items)
    for detail in sorted(details(items)):
        yield from ((form.format(detail=detail), _MOMENT_WEIGHT) for form in _MOMENT_FORMS)
    for item in items:
        yield from ((form.format(title=item.title), 1.0) for form in _TITLE_FORMS)
        yield _BOTH_FORM.format(title=item.title, creator=item.creator), 1.0
        for maker in filter(None, (item.creator, item.series)):
            yield from ((form.format(creator=maker, kind=item.kind_name), _MAKER_WEIGHT) for form in _MAKER_FORMS)
        for tag in item.tags:
            yield from ((form.format(topic=tag, kind=item.kind_name), 1.0) for form in _TOPIC_FORMS)
        for mood in item.moods:
            yield from ((form.format(mood=mood, kind=item.kind_name), _MOOD_WEIGHT) for form in _MOOD_FORMS)
        if item.language == RECOGNISED:
            yield from ((part, 0.2) for part in re.split(r"(?<=[.!?:;])\s+", item.description))


def details(items: Iterable[Item]) -> set[str]:
    """What is spoken of in the items: of each transcript the words that tell most, by how often they are said in it and
    in how few others (tf-idf).
    """
    said = {
        item.id: Counter(plain for one in item.transcript for _, plain in query_terms(one.text))
        for item in items
        if item.transcript
    }
    spread = Counter(word for counts in said.values() for word in counts)
    found: set[str] = set()
    for counts in said.values():
        worth = {word: count * math.log(1 + len(said) / spread[word]) for word, count in counts.items()}
        found.update(sorted(worth, key=lambda word: (-worth[word], word))[:DETAILS])
    return found


def forms() -> Iterator[Weighted]:
    """The same once for all items, with places for names: `{title}`, `{creator}`, `{topic}`, `{mood}`, `{kinds}`."""
    weights = ((_TITLE_FORMS, 1.0), ((_BOTH_FORM,), 1.0), (_TOPIC_FORMS, 1.0))
    for group, weight in (*weights, (_MAKER_FORMS, _MAKER_WEIGHT), (_MOOD_FORMS, _MOOD_WEIGHT)):
        yield from ((form.replace("{kind}s", "{kinds}"), weight) for form in group)
    yield from ((form.replace("{creator}", "{series}"), _MAKER_WEIGHT) for form in _MAKER_FORMS if "{kind}" not in form)
    yield from ((form.replace("{title}", "{series}"), 1.0) for form in _TITLE_FORMS)
