"""Whether reviews are understood: good or bad, and of what, on reviews that people have marked sentence by sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table, rate
from search_index import terms_of
from skills.shopping.deciding.reviews.aspects import KNOWN, NEVER, Aspects
from skills.shopping.deciding.reviews.opinion import learn, said_in
from skills.shopping.deciding.reviews.opinion_words import BLAME, PRAISE
from skills.shopping.deciding.reviews.polarity import clauses, verdict

REVIEWS = MEASURING_DATA / "reviews" / "product_reviews"
PRODUCTS = {
    "Apex_AD2600_Progressive_scan_DVD player": ("Apex AD2600 progressive scan DVD player", False),
    "Creative_Labs_Nomad_Jukebox_Zen_Xtra_40GB": ("Creative Labs Nomad Jukebox Zen Xtra 40GB MP3 player", False),
    "Nikon_coolpix_4300": ("Nikon Coolpix 4300 digital camera", False),
    "Canon_G3": ("Canon PowerShot G3 digital camera", True),
    "Nokia_6610": ("Nokia 6610 mobile cell phone", True),
}
"""What each is called, and whether its sentences were put aside."""
TOP = 10
OFTEN = 3
"""Marked features of at least so many sentences."""

ABOUT = f"""
Reviews of five products in which people marked every sentence: the features it speaks of, and how well or badly (Hu and
Liu 2004, Customer Review Data, CC BY 4.0). The words for praise, blame and features are our own; mistakes with three
products were looked at while they were collected, the two others were put aside and are reported apart. Sentences: the
share of those with an opinion that is read as good or bad as marked (silence counts as wrong), the share among those
where a side is taken, and F1 of good and of bad over all sentences, those without an opinion included. The simple peer
counts words of praise and blame, without negations, parts of sentences or failures. Features: one that is found in a
sentence with a side is right where people marked one there by the same word, or one that means the same topic. Of the
{TOP} topics that most sentences of a product speak of, the share is given that people marked in at least {OFTEN}. The
peer takes every frequent word. Stars, which the product uses too, are not in this data.
"""

_mark = re.compile(r"([^,\[\]]+?)\s*\[([+-])(\d?)\]?((?:\[\w+\])*)")


@dataclass(frozen=True)
class Mark:
    """A feature that people marked in a sentence; `implied` where no word of the sentence names it."""

    feature: str
    good: bool
    strength: int
    implied: bool


@dataclass(frozen=True)
class Sentence:
    """A sentence with its marks."""

    text: str
    marks: tuple[Mark, ...]

    @property
    def side(self) -> int:
        """1, -1, or 0 where it has none; sentences that are as good as bad have none either."""
        total = sum(one.strength if one.good else -one.strength for one in self.marks)
        return (total > 0) - (total < 0)


def run(workplace: Workplace) -> Findings:
    """Read every sentence with our rules and with the simple peer's."""
    if not REVIEWS.is_dir():
        raise FileNotFoundError(f"there is no folder {REVIEWS}")
    sides, features = dict[tuple[str, str], Counter[tuple[int, int]]](), dict[tuple[str, str], Counter[str]]()
    for file, (name, aside) in PRODUCTS.items():
        workplace.say(name)
        sentences = list(read(REVIEWS / f"{file}.txt"))
        known = learn([one.text for one in sentences], name)
        frequent = _frequent(sentences, name)
        for group in ("all five", "put aside" if aside else "looked at"):
            for who, of in (("Sori", verdict), ("counted words", counted)):
                table = sides.setdefault((who, group), Counter())
                table.update((one.side, of(one.text)) for one in sentences if one.side or not one.marks)
            _tally(features.setdefault(("Sori", group), Counter()), sentences, known, name)
            _tally_frequent(features.setdefault(("frequent words", group), Counter()), sentences, frequent)
    return Findings(
        (
            Table(
                ("who", "products", "with an opinion", "right %", "right where a side is taken %", "F1 good", "F1 bad"),
                tuple((*key, *_sides(table)) for key, table in sides.items()),
                "Sentences, good or bad",
            ),
            Table(
                ("who", "products", "precision %", "recall %", "side right %", f"of the {TOP} topics marked %"),
                tuple((*key, *_features(table)) for key, table in features.items()),
                "Features in sentences",
            ),
        ),
        (
            "People marked one feature where a sentence names several, and call it by other words from product to "
            "product; so precision over sentences is low for both. A summary says how many mention each topic.",
        ),
    )


def read(path: Path) -> Iterator[Sentence]:
    """The sentences of a file, titles left out."""
    for line in path.read_text("latin-1").splitlines():
        marks, found, text = line.partition("##")
        if found and not line.startswith(("*", "[t]")):
            yield Sentence(
                text.strip(),
                tuple(
                    Mark(one[1].strip(), one[2] == "+", int(one[3] or 1), "[u]" in one[4] or "[p]" in one[4])
                    for one in _mark.finditer(marks)
                ),
            )


def counted(sentence: str) -> int:
    """Words of praise less words of blame."""
    words = [word for part in clauses(sentence) for word in part.words]
    total = sum(word in PRAISE for word in words) - sum(word in BLAME for word in words)
    return (total > 0) - (total < 0)


def _tally(table: Counter[str], sentences: Sequence[Sentence], known: Aspects, name: str) -> None:
    topics = Counter[str]()
    for one in sentences:
        said = [(found.aspect, found.leaning > 0) for found in said_in(one.text, known) if found.leaning]
        topics.update(aspect for aspect, _ in said)
        _compare(table, one, said)
    marked = Counter(one.feature for sentence in sentences for one in sentence.marks if not one.implied)
    often = [feature for feature, count in marked.items() if count >= OFTEN and feature.lower() not in name.lower()]
    best = [topic for topic, _ in topics.most_common(TOP)]
    table["topics"] += len(best)
    table["marked topics"] += sum(any(_same(topic, feature) for feature in often) for topic in best)


def _tally_frequent(table: Counter[str], sentences: Sequence[Sentence], frequent: set[str]) -> None:
    for one in sentences:
        side = counted(one.text)
        words = {word for part in clauses(one.text) for word in part.words} & frequent
        _compare(table, one, [(word, side > 0) for word in words] if side else [])


def _compare(table: Counter[str], sentence: Sentence, said: Sequence[tuple[str, bool]]) -> None:
    marks = [one for one in sentence.marks if not one.implied]
    right = [(good, mark) for topic, good in said for mark in marks if _same(topic, mark.feature)]
    table["said"] += len(said)
    table["marks"] += len(marks)
    table["said right"] += sum(any(_same(topic, mark.feature) for mark in marks) for topic, _ in said)
    table["marks found"] += sum(any(_same(topic, mark.feature) for topic, _ in said) for mark in marks)
    table["pairs"] += len(right)
    table["pairs right"] += sum(good == mark.good for good, mark in right)


def _frequent(sentences: Sequence[Sentence], name: str) -> set[str]:
    counts = Counter(word for one in sentences for part in clauses(one.text) for word in set(part.words))
    least = max(4, len(sentences) / 100)
    return {word for word, count in counts.items() if count >= least and word not in NEVER and word not in name.lower()}


def _same(topic: str, feature: str) -> bool:
    return bool(_stems(topic) & _stems(feature))


def _stems(text: str) -> set[str]:
    words = text.lower().replace("-", " ").split()
    told = [*words, *(KNOWN[word] for word in words if word in KNOWN)]
    return set(terms_of(" ".join(told), stemmed=True)) - {"of", "the", "to", "life"}


def _sides(table: Counter[tuple[int, int]]) -> tuple[Cell, ...]:
    opinions = sum(count for (side, _), count in table.items() if side)
    right = table[1, 1] + table[-1, -1]
    taken = right + table[1, -1] + table[-1, 1]
    return opinions, rate(right, opinions), rate(right, taken), *(round(_f1(table, side), 3) for side in (1, -1))


def _f1(table: Counter[tuple[int, int]], side: int) -> float:
    marked = sum(count for (wanted, _), count in table.items() if wanted == side)
    given = sum(count for (_, found), count in table.items() if found == side)
    return 2 * table[side, side] / (marked + given)


def _features(table: Counter[str]) -> tuple[Cell, ...]:
    topics = rate(table["marked topics"], table["topics"]) if table["topics"] else None
    return (
        rate(table["said right"], table["said"]),
        rate(table["marks found"], table["marks"]),
        rate(table["pairs right"], table["pairs"]),
        topics,
    )


BENCHMARK = Benchmark("review_summary", "What reviews say", ABOUT, run)
