"""Requests with several conditions, made of what items are, through the media skill's own reading and finding."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from pydantic import ValidationError

from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.mishearing import Mishearing
from benchmarks.report import Cell, Findings, Table, aim_at_least, percentile, rate, spread
from benchmarks.seeds import dice
from search_index import Encoder, Index, open_encoder
from search_index.names import spelt
from skills.media.catalogue import Item, demo_items
from skills.media.finding import Found
from skills.media.languages import name as language_name
from skills.media.library import SCHEMA, MediaLibrary
from skills.media.presenting import CARDS, Presenting
from skills.media.wanted import Wanted, wanted
from skills.skill import ActionRequest, Entity, Understanding
from skills.turn import Channel, Hypothesis, MediaKind, PlayerState, Utterance
from voice.synthesizer import EspeakSynthesizer

TALKS = MEASURING_DATA / "media" / "talks.jsonl.gz"
SAMPLE, ASKED = 3_000, 150
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SPOKEN_S = 12.0
LANGUAGES = {"eng": "en", "spa": "es", "rus": "ru", "fra": "fr", "por": "pt", "kor": "ko", "jpn": "ja", "ita": "it",
             "deu": "de", "zho": "zh", "pol": "pl"}  # fmt: skip
PARTS = ("creator", "series", "kind", "mood", "language", "length", "period", "popular")

ABOUT = f"""
Requests made of the facts of an item, through the skill's own path: an utterance with its entities is read (`wanted`),
and the library finds (`library.find`). Times, languages and popularity stand in the words alone, other conditions in
entities; that the entities are right is what `understanding` measures. In the demo's catalogue and in {SAMPLE:,} of
21,715 conference talks (pyvideo), {ASKED} requests of each kind: a topic (one of the item's tags, or three words of its
description) with one to four conditions; a title with one condition; the same with a word of the title misheard; a
topic and conditions of which one is another item's, so that mostly nothing meets them all. The item that a request was
made of meets all of it. "Meant" is that item, which of a topic is one of several. A condition is violated where an item
is presented without it and the answer does not say that it was given up. Then the first {ASKED} answers about the demo
are spoken by the product's voice.
"""


@dataclass(frozen=True)
class Asked:
    """A request, and the item it was made of."""

    wanted: Wanted
    item: Item


@dataclass(frozen=True)
class Outcome:
    """What came of a request."""

    asked: Asked
    found: Found
    milliseconds: float

    @property
    def place(self) -> int | None:
        """Where the item meant is among the results, from 0."""
        ids = [item.id for item in self.found.items]
        return ids.index(self.asked.item.id) if self.found.certain and self.asked.item.id in ids else None

    @property
    def presented(self) -> Sequence[Item]:
        return self.found.items[:CARDS] if self.found.certain else ()


def run(place: Workplace) -> Findings:
    if not TALKS.exists():
        raise FileNotFoundError(f"this is measured on conference talks, and there is no file {TALKS}")
    encoder, rows, held = open_encoder("minilm", place.paths.encoder), list[tuple[Cell, ...]](), [0, 0]
    speeches: list[str] = []
    for called, items in (("demo", demo_items()), ("talks", list(_talks()))):
        place.say(f"{called}: {len(items):,} items")
        outcomes, answers = asyncio.run(_catalogue(called, items, encoder, place))
        speeches = speeches or answers
        for kind, results in outcomes.items():
            presented = [(one, item) for one in results for item in one.presented]
            kept = sum(not _violated(item, one.asked.wanted, one.found.dropped) for one, item in presented)
            held = [held[0] + kept, held[1] + len(presented)]
            rows.append(_row(called, kind, results, kept, len(presented)))
    columns = ("catalogue", "asked for", "requests", "meant first, %", "in the first five, %", "all conditions met, %",
               "items that keep to them, %", "p50 ms", "p95 ms")  # fmt: skip
    lengths = _seconds(speeches)
    spoken = Table(
        ("answers spoken", "p50 s", "p95 s", "longest s", "most words"),
        ((*spread(lengths), max(lengths), max(len(speech.split()) for speech in speeches)),),
    )
    remarks = (
        aim_at_least("items presented that meet every condition not said to be given up", held[0], held[1], 100),
        aim_at_least("answers of 12 seconds or less", sum(one <= SPOKEN_S for one in lengths), len(lengths), 100),
    )
    return Findings((Table(columns, tuple(rows)), spoken), remarks)


def _row(called: str, kind: str, results: Sequence[Outcome], kept: int, presented: int) -> tuple[Cell, ...]:
    count, places = len(results), [one.place for one in results]
    is_mixed = kind.startswith("nothing")
    first = sum(one == 0 for one in places)
    five = sum(one is not None and one < CARDS for one in places)
    met = sum(one.found.certain and not one.found.dropped for one in results)
    times = [one.milliseconds for one in results]
    return (called, kind, count, None if is_mixed else rate(first, count), None if is_mixed else rate(five, count),
            rate(met, count), rate(kept, presented), percentile(times, 50), percentile(times, 95))  # fmt: skip


async def _catalogue(
    called: str, items: Sequence[Item], encoder: Encoder, place: Workplace
) -> tuple[dict[str, list[Outcome]], list[str]]:
    with Index.open(place.kept / f"finding_{called}", SCHEMA, encoder) as index:
        library = MediaLibrary(index, items, {})
        library.fill(
            lambda done, of: place.say(f"{done:,} of {of or len(items):,} in the index") if not done % 500 else None
        )
        mishearing, presenting = Mishearing(), Presenting(library)
        chosen = [items[int(number)] for number in dice("items", called).permutation(len(items))[:ASKED]]
        others = [*chosen[1:], chosen[0]]
        topics = [_request(item, "topic", 4) for item in chosen]
        requests = {
            "a topic and conditions": topics,
            "a title and a condition": [_request(item, "title", 1) for item in chosen],
            "a misheard title and a condition": [
                replace(one, wanted=replace(one.wanted, title=mishearing.one_of(one.wanted.title)))
                for one in (_request(item, "title", 1) for item in chosen)
            ],
            "nothing, mostly: conditions of two": [
                _mixed(one, other) for one, other in zip(topics, others, strict=True)
            ],
        }
        await library.find(Wanted(topic="warm up", said="warm up"))
        outcomes = {kind: [await _outcome(library, one) for one in asked] for kind, asked in requests.items()}
        every = [one for results in outcomes.values() for one in results]
        speeches = [_speech(presenting, one) for one in every[:: len(outcomes)]]
    return outcomes, speeches


async def _outcome(library: MediaLibrary, asked: Asked) -> Outcome:
    started = time.perf_counter()
    found = await library.find(asked.wanted)
    return Outcome(asked, found, (time.perf_counter() - started) * 1000)


class _Sentence:
    """An utterance as it grows, with its entities."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._entities: list[Entity] = []

    def say(self, before: str, words: str = "", entity: str = "", value: str = "") -> None:
        """Add words, after `before`, which may be an entity, with a value of its own."""
        self._text += f" {before}"
        if words:
            self._text += f" {words}" if before else words
        if entity:
            start = len(self._text) - len(words)
            self._entities.append(Entity(entity, value or words, words, start, len(self._text)))

    def wanted(self) -> Wanted:
        return wanted(Understanding(self._text, "find_media", 1.0, tuple(self._entities)), NOW)


def _request(item: Item, subject: str, most: int) -> Asked:
    """A request for what the item is: a subject and one to `most` conditions that it meets."""
    chance = dice(subject, item.id)
    facts = {
        "creator": spelt(item.creator).strip(),
        "series": spelt(item.series).strip(),
        "mood": item.moods[0] if item.moods else "",
        "kind": item.kind_name,
        "language": language_name(item.language),
        "length": f"under {item.duration_s // 60 + 1} minutes",
        "period": f"{item.published:%B %Y}" if chance.random() < 0.5 else str(item.published.year),
        "popular": "" if subject == "title" else "popular",
    }
    there = [part for part in PARTS if facts[part]]
    parts = {there[int(one)] for one in chance.permutation(len(there))[: int(chance.integers(1, most + 1))]}
    sentence = _Sentence("find")
    for part, entity, value in (("popular", "", ""), ("mood", "mood", ""), ("kind", "kind", item.kind.value)):
        if part in parts:
            sentence.say("", facts[part], entity, value)
    topic = item.tags[int(chance.integers(len(item.tags)))] if item.tags else _words(item, chance)
    name = spelt(item.title if subject == "title" else topic).strip()
    sentence.say("called" if subject == "title" else "about", name, subject)
    for part, before, entity in (
        ("creator", "by", "creator"),
        ("series", "from", "series"),
        ("period", "from", ""),
        ("language", "in", ""),
        ("length", "", "length"),
    ):
        if part in parts:
            sentence.say(before, facts[part], entity)
    return Asked(sentence.wanted(), item)


def _words(item: Item, chance: np.random.Generator) -> str:
    """Three long words in a row of the description, or of the title where there is none."""
    words = [word for word in spelt(item.description or item.title).split() if len(word) > 4] or ["anything"]
    start = int(chance.integers(max(1, len(words) - 2)))
    return " ".join(words[start : start + 3])


def _mixed(asked: Asked, other: Item) -> Asked:
    """The same with the creator, the language and the period of another item."""
    period = _request(other, "topic", 1).wanted.period
    mixed = replace(asked.wanted, creator=spelt(other.creator).strip(), language=other.language, period=period)
    return replace(asked, wanted=mixed)


def _violated(item: Item, asked: Wanted, dropped: Sequence[str]) -> bool:
    length = asked.length
    titled = bool(asked.title)
    holds = {
        "creator": not asked.creator or spelt(item.creator).strip() == asked.creator,
        "series": not asked.series or spelt(item.series).strip() == asked.series,
        "kind": titled or asked.kind in (None, item.kind),
        "mood": not asked.mood or asked.mood in item.moods,
        "language": asked.language in ("", item.language),
        "length": (length.at_least_s or 0) <= item.duration_s <= (length.at_most_s or 86_400),
        "period": item.published in asked.period,
    }
    return any(not is_met and name not in dropped for name, is_met in holds.items())


def _speech(presenting: Presenting, outcome: Outcome) -> str:
    utterance = Utterance(
        conversation="c",
        dialog_request_id="r",
        channel=Channel.SPEAKER,
        alternatives=(Hypothesis(text="words"),),
        player=PlayerState(),
    )
    request = ActionRequest(utterance, Understanding("words", "find_media", 1.0), {})
    reply = presenting.present(request, outcome.asked.wanted, outcome.found).reply
    assert reply
    return reply.speech


def _seconds(speeches: Sequence[str]) -> list[float]:
    synthesizer = EspeakSynthesizer()
    synthesizer.start()
    try:
        return [len(synthesizer.speak_all(speech)) / 2 / synthesizer.rate for speech in speeches]
    finally:
        synthesizer.close()


def _talks() -> Iterator[Item]:
    """A sample of the talks that say who spoke, when, in which language and for how long."""
    with gzip.open(TALKS, "rt") as file:
        lines = file.readlines()
    taken = 0
    for number in dice("talks").permutation(len(lines)):
        talk = json.loads(lines[int(number)])
        if taken < SAMPLE and (item := _talk(int(number), talk)):
            taken += 1
            yield item


def _talk(number: int, talk: dict[str, Any]) -> Item | None:
    if not (talk.get("speakers") and talk.get("duration") and talk.get("language") in LANGUAGES):
        return None
    try:
        return Item(
            id=f"talk-{number}",
            kind=MediaKind.TALK,
            medium="video",
            title=talk["title"],
            creator=talk["speakers"][0],
            series=talk["_collection"].replace("-", " "),
            published=date.fromisoformat(talk["recorded"][:10]),
            duration_s=int(talk["duration"]),
            language=LANGUAGES[talk["language"]],
            tags=tuple(tag[:60] for tag in talk.get("tags") or () if tag)[:30],
            description=(talk.get("description") or "")[:5_000],
            popularity=round(float(dice("popularity", number).random()), 3),
        )
    except (ValidationError, ValueError, TypeError):  # a title that is too long, a date that is none
        return None


BENCHMARK = Benchmark("finding", "Finding", ABOUT, run)
