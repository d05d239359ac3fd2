"""How well the skill finds the moment that was asked for, in writing and by voice."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant.dialogue import ActionCall, ActionResult, Dialogue, ResponseCall
from assistant.expected_speech import expected_speech
from assistant.house import NLU_DATA
from assistant.setup.environments import RASA
from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.ears import our_ear
from benchmarks.flite import VOICES
from benchmarks.moments import moment_topics, plain_windows, segments_of, talks
from benchmarks.peers import PlainBM25
from benchmarks.report import Cell, Findings, Table, aim_at_least
from benchmarks.transcripts import Transcripts
from search_index import Index, open_encoder
from search_index.relevance.evaluation import score, summary
from search_index.relevance.judgments import Topic
from search_index.relevance.runs import DEPTH, Answer
from skills.media import moment_scope
from skills.media.catalogue import Item, Said
from skills.media.library import SCHEMA, MediaLibrary
from skills.media.moment_finder import MomentFinder
from skills.media.recordings import Recording, Segment
from skills.media.vocabulary import DETAILS
from skills.skill import Understanding
from skills.turn import MediaKind
from tests.service.speech import in_a_room, say
from voice.audio import Audio
from voice.spoken_form import spoken_words

DATA = MEASURING_DATA / "moments"
INTENT = "find_moment"
CARRIER = "find where they talk about {}"
UNDERSTOOD_WITHIN_S = 30.0
SPOKEN = 72
"""Of the headings: every third."""
MEASURES = ("hit@1", "hit@5", "hit@10")
AIMS = {"hit@1": 50, "hit@5": 75, "hit@10": 82}
"""Per cent."""
EARLY_MS = 15_000
AT_MOST = 1_900
"""Characters of one stretch of a catalogue's transcript."""

ABOUT = f"""
The 124 transcripts as items of a media library, and each of the 218 headings as a request, "{CARRIER.format("...")}":
what the dialogue's model takes for its topic goes to the skill's own finder. A hit is a moment whose middle lies in
the section under the heading, as in `relevance`; *begins there*: playback of the first begins in that section, or at
most fifteen seconds before it. Plain BM25 is tantivy's, over windows of about 100 words, asked for the same
topic. Then {SPOKEN} of the requests are spoken by flite and heard by the product's recogniser with what the library
expects to be said, and what was heard goes the same way.
"""


@dataclass(frozen=True)
class Request:
    """A heading, as it arrived in writing or by ear, and what was understood of it."""

    topic: Topic
    said: str
    intent: str
    asked: str
    """What is looked for; empty where nothing was made out."""


def run(place: Workplace) -> Findings:
    if not DATA.is_dir():
        raise FileNotFoundError(f"this is measured on transcripts of talks, and there is no folder {DATA}")
    topics = moment_topics(DATA)
    items = [_item(talk) for talk in talks(DATA)]
    spoken = topics[:: len(topics) // SPOKEN][:SPOKEN]
    heard = _heard(place, items, [CARRIER.format(topic.text) for topic in spoken])
    said = {topic.id: CARRIER.format(topic.text) for topic in topics}
    requests = asyncio.run(_understood(place, [*topics, *spoken], [*said.values(), *heard]))
    written, by_ear = requests[: len(topics)], requests[len(topics) :]
    encoder = open_encoder("minilm", place.paths.encoder)
    library = MediaLibrary(Index.open(place.kept / "asking_moments", SCHEMA, encoder), items, _recordings())
    try:
        library.fill(lambda done, of: place.say(f"{done} of {of} transcripts are in the index"))
        finder = MomentFinder(library)
        plain = PlainBM25({f"{at.id} {at.start_ms}-{at.end_ms}": text for at, text in plain_windows(DATA)})
        same = [one for one in written if one.topic in spoken]
        rows: list[tuple[Cell, ...]] = []
        measured: Mapping[str, float] = {}
        for known in (False, True):
            where = "transcript known" if known else "all transcripts"
            for name, asked in (
                ("", written),
                (f", the {SPOKEN} in writing", same),
                (f", the {SPOKEN} by voice", by_ear),
            ):
                place.say(f"{where}{name}")
                ours = _row(asked, {one.topic.id: _ours(finder, one, known) for one in asked})
                rows.append((f"{where}{name}: the skill", len(asked), *ours))
                rows.append(
                    (
                        f"{where}{name}: plain BM25",
                        len(asked),
                        *_row(asked, {o.topic.id: _plain(plain, o, known) for o in asked}),
                    )
                )
                measured = measured or dict(zip(MEASURES, ours, strict=False))
    finally:
        library.close()
    table = Table(("moments of talks, by", "requests", *MEASURES, "begins there"), tuple(rows))
    return Findings((table,), (*_remarks(written, by_ear, spoken, heard), *_aims(measured, len(written))))


def _row(asked: Sequence[Request], run: Mapping[str, Sequence[Answer]]) -> tuple[float, ...]:
    topics = [one.topic for one in asked]
    figures = summary(score(topics, run))
    begun = sum(_begins_there(one.topic, run[one.topic.id]) for one in asked)
    return (*(figures[name].mean for name in MEASURES), begun / len(asked))


def _begins_there(topic: Topic, answers: Sequence[Answer]) -> bool:
    """Whether the first answer begins in the section, or a little before it."""
    (judgment,) = topic.judgments
    span = judgment.span
    return bool(
        answers and span and answers[0].id == judgment.id and span[0] - EARLY_MS <= answers[0].start_ms < span[1]
    )


def _ours(finder: MomentFinder, request: Request, known: bool) -> tuple[Answer, ...]:
    if not request.asked:
        return ()
    within = [_id(one.id) for one in request.topic.judgments] if known else None
    found = asyncio.run(finder.find(request.asked, within)).found
    names = {_id(one.id): one.id for one in request.topic.judgments}
    return tuple(Answer(names.get(one.item, one.item), one.score, one.start_ms, one.end_ms) for one in found)


def _plain(plain: PlainBM25, request: Request, known: bool) -> tuple[Answer, ...]:
    found = []
    for answer in plain.answers(request.asked, 10_000 if known else DEPTH):
        identity, _, times = answer.id.rpartition(" ")
        start, _, end = times.partition("-")
        if not known or identity == request.topic.judgments[0].id:
            found.append(replace(answer, id=identity, start_ms=int(start), end_ms=int(end)))
    return tuple(found[:DEPTH])


def _heard(place: Workplace, items: Sequence[Item], texts: Sequence[str]) -> list[str]:
    """The requests as they are heard."""
    place.say(f"speaking {len(texts)} requests")
    sounds = [
        Audio(in_a_room(say(text, VOICES[n % len(VOICES)]), before=0.3, after=0.5)) for n, text in enumerate(texts)
    ]
    ear = our_ear(expected_speech(NLU_DATA, items), place.kept / "language")
    heard = Transcripts(place.kept / "transcripts", place.say).of(ear, sounds, "requests for moments")
    return [one.text for one in heard]


async def _understood(place: Workplace, topics: Sequence[Topic], said: Sequence[str]) -> list[Request]:
    with tempfile.TemporaryDirectory(prefix="sori-") as sockets:
        dialogue = Dialogue(
            rasa_python=RASA.python, model=place.model, socket_dir=Path(sockets), on_action=_none, on_response=_unsaid
        )
        await dialogue.start()
        try:
            place.say(f"understanding {len(said)} requests")
            understood = [
                (await dialogue.understand([text], UNDERSTOOD_WITHIN_S))[0] if text else None for text in said
            ]
        finally:
            await dialogue.stop()
    return [
        Request(topic, text, one.intent if one else "", _asked(one) if one else "")
        for topic, text, one in zip(topics, said, understood, strict=True)
    ]


def _asked(understanding: Understanding) -> str:
    """What the skill looks for where the catalogue has none of the names."""
    found = moment_scope.asked(understanding)
    return " ".join(part for part in (found.topic, found.title, found.series) if part)


def _remarks(
    written: Sequence[Request], by_ear: Sequence[Request], spoken: Sequence[Topic], heard: Sequence[str]
) -> list[str]:
    exact = sum(
        spoken_words(text) == spoken_words(CARRIER.format(topic.text))
        for topic, text in zip(spoken, heard, strict=True)
    )
    return [
        f"Understood as a request for a moment: {_share(written)} in writing, {_share(by_ear)} by voice. A topic was "
        f"made out in {sum(bool(one.asked) for one in written)} and {sum(bool(one.asked) for one in by_ear)} of them.",
        f"Heard word for word: {exact} of {len(heard)}. What is expected to be said has {DETAILS} words of each "
        "transcript, one by one, and our acoustic model takes nothing else: of most headings it hears the beginning.",
    ]


def _share(requests: Sequence[Request]) -> str:
    return f"{sum(one.intent == INTENT for one in requests)} of {len(requests)}"


def _aims(measured: Mapping[str, float], requests: int) -> list[str]:
    return [
        aim_at_least(f"{name} over all transcripts", round(measured[name] * requests), requests, least)
        for name, least in AIMS.items()
    ]


def _item(talk: dict[str, Any]) -> Item:
    segments = segments_of(talk)
    return Item(
        id=_id(talk["id"]),
        kind=MediaKind.TALK,
        medium="video",
        title=talk["title"],
        creator=", ".join(talk["speakers"])[:120] or "nobody",
        published=date.fromisoformat(talk["date"]),
        duration_s=max(1, segments[-1].end_ms // 1000),
        transcript=tuple(
            Said(speaker="", text=segment.text[start : start + AT_MOST])
            for segment in segments
            for start in range(0, len(segment.text), AT_MOST)
        ),
    )


def _recordings() -> dict[str, Recording]:
    recordings = {}
    for talk in talks(DATA):
        segments = [
            Segment(one.start_ms, one.end_ms, said["speaker"] or "", one.text)
            for one, said in zip(segments_of(talk), talk["segments"], strict=True)
        ]
        identity = _id(talk["id"])
        recordings[identity] = Recording(identity, Path("/nowhere"), segments[-1].end_ms, True, segments)
    return recordings


def _id(transcript: str) -> str:
    """The id of a transcript as that of an item."""
    return re.sub(r"[^\w.-]", ":", transcript)


async def _none(_call: ActionCall) -> ActionResult:
    return ActionResult()


async def _unsaid(call: ResponseCall) -> str:
    return call.variants[0]


BENCHMARK = Benchmark("asking_moments", "Asking for the moment", ABOUT, run)
