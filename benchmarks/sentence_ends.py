"""How well the ends of sentences are found again in talks whose marks were taken away."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.report import Findings, Table
from skills.media.catalogue import demo_items
from skills.media.transcripts.questions import is_question
from skills.media.transcripts.sentence_ends import sentence_ends
from voice.sentences import sentences
from voice.spoken_form import spoken_words

TALKS = MEASURING_DATA / "moments" / "transcripts.jsonl.gz"
TUNED_ON = 12
"""Every twelfth talk, on which the thresholds were set, is left out."""
_QUESTION = re.compile(r"\?[\"')\u201d\u2019\]]*$")

ABOUT = """
Transcripts that people typed are made into what a recogniser would give: words in small letters, without marks, from
the first to the last of a talk. Then the ends of sentences are looked for in the words alone. In recordings there are
pauses too, which tell more than words; of them there are none here, so this is the least that is to be expected. Every
twelfth talk is left out, since the thresholds were set on those. Questions are told apart among the typed sentences.
"""


@dataclass
class Count:
    """What was found, what there is, and what is both."""

    found: int = 0
    there: int = 0
    both: int = 0

    def add(self, is_found: bool, is_there: bool) -> None:
        self.found += is_found
        self.there += is_there
        self.both += is_found and is_there

    @property
    def row(self) -> tuple[float, float, float]:
        """Precision, recall and F1."""
        precision, recall = self.both / max(1, self.found), self.both / max(1, self.there)
        return precision, recall, 2 * self.both / max(1, self.found + self.there)


def run(place: Workplace) -> Findings:
    place.say("talks without their marks")
    return measure(TALKS)


def measure(talks: Path) -> Findings:
    """Measure on the demo's transcripts and on the talks, where they are there."""
    texts = {"the demo's transcripts": [[said.text for said in item.transcript] for item in demo_items()]}
    if talks.is_file():
        texts["talks and podcasts"] = [one for number, one in enumerate(_talks(talks)) if number % TUNED_ON]
    rows = []
    speed = 0.0
    for name, recordings in texts.items():
        started = time.process_time()
        ends, questions, words = _counted(recordings)
        speed = words / (time.process_time() - started)
        rows += [(f"{name}: ends", words, *ends.row), (f"{name}: questions", words, *questions.row)]
    table = Table(("sentences", "words", "precision", "recall", "F1"), tuple(rows))
    return Findings((table,), (f"{speed:,.0f} words a second of CPU time, reading included.",))


def _counted(recordings: Sequence[Sequence[str]]) -> tuple[Count, Count, int]:
    ends, questions, count = Count(), Count(), 0
    for recording in recordings:
        typed = [(spoken_words(one), bool(_QUESTION.search(one))) for text in recording for one in sentences(text)]
        typed = [(words, asks) for words, asks in typed if words]
        words = [word for sentence, _ in typed for word in sentence]
        truth = [place == len(sentence) - 1 for sentence, _ in typed for place in range(len(sentence))]
        for found, there in zip(sentence_ends(words), truth, strict=True):
            ends.add(found, there)
        for sentence, asks in typed:
            questions.add(is_question(sentence), asks)
        count += len(words)
    return ends, questions, count


def _talks(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield [segment["text"] for segment in json.loads(line)["segments"]]


BENCHMARK = Benchmark("sentences", "Where sentences end", ABOUT, run)
