"""Titles that are found although a word of them was misheard."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.ears import our_ear
from benchmarks.mishearing import Mishearing
from benchmarks.report import Findings, Table
from benchmarks.transcripts import Transcripts
from search_index import Document, Index, Query, Schema, TextField, Weights, open_encoder
from search_index.names import spelt
from tests.service.speech import in_a_room, say
from voice.audio import Audio
from voice.recogniser import Vocabulary
from voice.spoken_form import spoken_words

TALKS = MEASURING_DATA / "media" / "talks.jsonl.gz"
SCHEMA = Schema("titles", {"title": TextField(sound=True)})
ASKED, SPOKEN, CONFUSING = 1_000, 100, 2_000
DEPTH = 10
RRF_K, RRF_DEPTH = 60, 100
"""Cormack, Clarke, Büttcher, "Reciprocal Rank Fusion outperforms Condorcet", SIGIR 2009."""
GOAL = 0.95

ABOUT = f"""
All titles of recorded conference talks (pyvideo). {ASKED} of them are asked for as they are, once more with one word
misheard, and once with every word misheard that can be: replaced by a word of the CMU pronouncing dictionary whose
phones are the same but for one at most ("whales", "wails"). {SPOKEN} others are spoken by flite and heard by the
product's recogniser, with a vocabulary of these titles and, so that it has something to take them for, of {CONFUSING}
misheard ones. A hit is the very title, which several talks may bear. Words, meaning and sound alone, and reciprocal
rank fusion (k = {RRF_K}) of the first {RRF_DEPTH} of words and of meaning, beside the index with the weights that it
takes by itself. The goal is a hit@1 of at least {GOAL} of that of the same titles asked for as they are.
"""

Find = Callable[[str], list[str]]


@dataclass(frozen=True)
class Asked:
    """A title, and how it was heard."""

    title: str
    heard: str


def run(place: Workplace) -> Findings:
    if not TALKS.exists():
        raise FileNotFoundError(f"this is measured on titles of talks, and there is no file {TALKS}")
    titles = list(_titles(TALKS))
    with Index.open(place.kept / "talk_titles", SCHEMA, open_encoder("minilm", place.paths.encoder)) as index:
        index.upsert(
            [Document(str(number), {"title": title}) for number, title in enumerate(titles)],
            on_progress=lambda done, of: place.say(f"{done} of {of} titles are in the index"),
        )
        index.settle()
        place.say("mishearing")
        mishearing = Mishearing()
        chosen = list(dict.fromkeys(titles))[:: len(titles) // ASKED]
        asked = {
            "clean": [Asked(title, title.lower()) for title in chosen],
            "one": [Asked(title, mishearing.one_of(title)) for title in chosen],
            "all": [Asked(title, mishearing.all_of(title)) for title in chosen],
        }
        rows, ways = [], _ways(index)
        for name, find in ways.items():
            place.say(name)
            rows.append((name, *_row(find, asked)))
        place.say("speaking")
        spoken = _spoken(place, list(dict.fromkeys(titles))[1 :: len(titles) // SPOKEN][:SPOKEN], chosen, mishearing)
        heard_rows = tuple((name, *_heard_row(find, spoken)) for name, find in ways.items())
    columns = ("as they are: hit@1", "hit@10", "one word misheard: hit@1", "hit@10", "share kept", "every word: hit@1")
    table = Table(("by", "titles", *columns), tuple(rows))
    heard = Table(("spoken and heard, by", "titles", "heard wrong", "hit@1", "of those heard wrong"), heard_rows)
    kept = rows[-1][-2]
    verdict = f"Goal: {GOAL} of the hit@1 of titles as they are. Measured: {kept:.3f}."
    return Findings((table, heard), (verdict,))


def _ways(index: Index) -> Mapping[str, Find]:
    def by(weights: Weights | None, depth: int = DEPTH) -> Find:
        def find(text: str) -> list[str]:
            hits = index.search(Query(text, limit=depth, weights=weights, min_meaning=-1.0)).hits
            return [spelt(str(hit.values["title"])) for hit in hits]

        return find

    words, meaning = by(Weights(1, 0), RRF_DEPTH), by(Weights(0, 1), RRF_DEPTH)
    return {
        "words alone (BM25)": words,
        "meaning alone": meaning,
        "sound alone": by(Weights(0, 0, 1)),
        "reciprocal rank fusion of words and meaning": lambda text: _fused(words(text), meaning(text)),
        "words and meaning": by(Weights()),
        "the index": by(None),
    }


def _fused(*lists: list[str]) -> list[str]:
    scores: dict[str, float] = {}
    for titles in lists:
        for rank, title in enumerate(dict.fromkeys(titles), start=1):
            scores[title] = scores.get(title, 0.0) + 1 / (RRF_K + rank)
    return sorted(scores, key=lambda title: -scores[title])


def _row(find: Find, asked: Mapping[str, Sequence[Asked]]) -> tuple[int, float, float, float, float, float, float]:
    clean, one, every = (_hits(find, asked[name]) for name in ("clean", "one", "all"))
    return (len(asked["clean"]), *clean, *one, one[0] / clean[0], every[0])


def _heard_row(find: Find, spoken: Sequence[Asked]) -> tuple[int, int, float, float]:
    wrong = [one for one in spoken if spoken_words(one.heard) != spoken_words(one.title)]
    return len(spoken), len(wrong), _hits(find, spoken)[0], _hits(find, wrong)[0]


def _hits(find: Find, asked: Sequence[Asked]) -> tuple[float, float]:
    """The shares found in the first place, and among the first ten."""
    found = [(spelt(one.title), find(one.heard)[:DEPTH]) for one in asked]
    first = sum(title in titles[:1] for title, titles in found)
    return first / max(1, len(found)), sum(title in titles for title, titles in found) / max(1, len(found))


def _spoken(place: Workplace, titles: Sequence[str], others: Sequence[str], mishearing: Mishearing) -> list[Asked]:
    """The titles as they are heard."""
    wrong = [mishearing.one_of(title) for title in (*titles, *others)]
    wrong += [mishearing.all_of(title) for title in (*titles, *others)]
    vocabulary = Vocabulary.of(*titles, *wrong[:CONFUSING])
    with ThreadPoolExecutor(2) as threads:
        sounds = [Audio(in_a_room(sound, before=0.3, after=0.5)) for sound in threads.map(say, titles)]
    heard = Transcripts(place.kept / "transcripts", place.say).of(
        our_ear(vocabulary, place.kept / "language"), sounds, "titles of talks"
    )
    return [Asked(title, one.text) for title, one in zip(titles, heard, strict=True)]


def _titles(path: Path) -> Iterator[str]:
    with gzip.open(path, "rt") as file:
        for line in file:
            yield json.loads(line)["title"]


BENCHMARK = Benchmark("misheard", "Misheard titles", ABOUT, run)
