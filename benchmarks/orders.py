"""Spoken coffee orders by many people: whether every slot of an order is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.benchmark import Benchmark, Workplace, need_speech
from benchmarks.coffee import SAMPLED, Coffee, Score, load_coffee, score
from benchmarks.coffee_models import ears_for
from benchmarks.ears import PEER, Ear
from benchmarks.report import Cell, Findings, Table, aim_at_least, rate
from benchmarks.transcripts import Transcripts
from voice.audio import Audio, decode

NOISES_DB: tuple[float | None, ...] = (None, 20.0, 12.0, 5.0)
AIMS = {None: 90.0, 12.0: 82.0}
CONFUSIONS = 15

ABOUT = f"""
100 orders by more than 50 people (Picovoice speech-to-intent benchmark), as recorded and with kitchen noise whose
energy is so many decibels below that of the whole clip. An order is accepted where every slot is right, none is
missing and none too many; the labels are used for this alone, and none of these recordings is trained on. Every
recogniser has the same vocabulary: the 431 example sentences of the set and {SAMPLED:,} drawn from its grammar.
pocketsphinx with its own English voice model is the peer. Ours, as shipped: the acoustic model in the repository, which
was made for the product's words, and a graph of this vocabulary. Ours, trained for coffee: the same trainer with these
words, from nothing but synthetic speech. Adapted: then `adapt` on the recordings of `speech/unlabelled`, orders and
single words by other people without labels, with what it recognises in them by itself. Rates are per cent with their
95 % confidence intervals (Wilson): of 100 clips, neighbouring rows often do not differ for certain.
"""

PUBLISHED = Table(
    ("published for this benchmark, mean of cafe and kitchen noise", "6 to 24 dB, %", "at 24 dB, %"),
    (
        ("Picovoice Rhino", 97.6, 99.0),
        ("Microsoft LUIS", 89.9, 93.0),
        ("IBM Watson", 86.8, 96.0),
        ("Amazon Lex", 84.5, 87.5),
        ("Google Dialogflow", 77.6, 82.5),
    ),
    "Of others, for context: on all 619 clips, with noise measured in another way, by cloud services of 2019 to 2020.",
)

Scores = Mapping[str, Mapping[float | None, Score]]


def run(place: Workplace) -> Findings:
    speech = need_speech()
    coffee = load_coffee(speech)
    kitchen = decode(speech / "noise" / "kitchen.wav", max_seconds=600)
    transcripts = Transcripts(place.kept / "transcripts", place.say)
    sounds = {snr_db: coffee.in_noise(kitchen, snr_db) for snr_db in NOISES_DB}
    scores = {
        ear.name: {snr_db: _score(coffee, transcripts, ear, clips, snr_db) for snr_db, clips in sounds.items()}
        for ear in ears_for(coffee, speech, place)
    }
    return Findings((_accepted(scores), _slots(scores), _confusions(scores), PUBLISHED), tuple(_verdicts(scores)))


def _score(coffee: Coffee, transcripts: Transcripts, ear: Ear, clips: Sequence[Audio], snr_db: float | None) -> Score:
    heard = transcripts.of(ear, clips, _condition(snr_db))
    return score(coffee.orders, [one.text for one in heard], coffee.phrases)


def _condition(snr_db: float | None) -> str:
    return "clean" if snr_db is None else f"kitchen, {snr_db:g} dB"


def _accepted(scores: Scores) -> Table:
    """A row for each recogniser, and one for whether any of them was right."""
    rows: list[tuple[Cell, ...]] = [
        (name, *(_rate([heard.accepted]) for heard in by_noise.values())) for name, by_noise in scores.items()
    ]
    together = [[by_noise[snr_db].accepted for by_noise in scores.values()] for snr_db in NOISES_DB]
    rows.append(("at least one of them (not to be had)", *map(_rate, together)))
    return Table(("orders accepted, %", *map(_condition, NOISES_DB)), tuple(rows))


def _rate(accepted: Sequence[Sequence[bool]]) -> str:
    """Of orders that at least one of some recognisers got right."""
    right = [any(order) for order in zip(*accepted, strict=True)]
    return rate(sum(right), len(right))


def _slots(scores: Scores) -> Table:
    """Errors by slot, of all recognisers: a share of how often the slot was ordered."""
    columns = [(name, snr_db) for name in scores for snr_db in AIMS]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (slot, by_slot[1], *(_share(*scores[name][snr_db].slots[slot]) for name, snr_db in columns))
        for slot, by_slot in next(iter(scores.values()))[None].slots.items()
    )
    return Table(("slot errors", "ordered", *(f"{name}, {_condition(snr_db)}" for name, snr_db in columns)), rows)


def _share(wrong: int, ordered: int) -> str:
    return f"{wrong} ({100 * wrong / ordered:.0f} %)" if ordered else str(wrong)


def _confusions(scores: Scores) -> Table:
    """What is most often taken for what, clean and at 12 dB together, by all recognisers."""
    counts = {
        name: sum((by_noise[snr_db].confusions for snr_db in AIMS), Counter()) for name, by_noise in scores.items()
    }
    total: Counter[tuple[str, str, str]] = sum(counts.values(), Counter())
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"{slot}: {wanted}", heard, *(counts[name][slot, wanted, heard] for name in scores))
        for (slot, wanted, heard), _ in total.most_common(CONFUSIONS)
    )
    return Table(("ordered (clean and 12 dB together)", "heard", *scores), rows)


def _verdicts(scores: Scores) -> Iterator[str]:
    for snr_db, percent in AIMS.items():
        for name, by_noise in scores.items():
            if name == PEER:
                continue
            accepted = by_noise[snr_db].accepted
            yield aim_at_least(f"{name}, {_condition(snr_db)}, orders accepted", sum(accepted), len(accepted), percent)


BENCHMARK = Benchmark("orders", "Spoken orders", ABOUT, run)
