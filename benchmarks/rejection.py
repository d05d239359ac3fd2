"""Whether what was not meant for the assistant is refused, and what was meant for it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.benchmark import Benchmark, Workplace, need_speech
from benchmarks.coffee import Coffee, load_coffee, read_slots
from benchmarks.ears import our_ear, pocketsphinx_ear
from benchmarks.other_speech import OTHER_SPEECH
from benchmarks.people import read_aloud
from benchmarks.report import Cell, Findings, Table, aim_at_least, aim_at_most, rate
from benchmarks.sounds import other_sounds
from benchmarks.transcripts import Heard, Transcripts
from benchmarks.utterances import COMMANDS, REQUESTS
from benchmarks.voices import flite, held_out, speak_in_turn
from tests.service.running import Running, running_service
from tests.service.speech import wav
from voice.audio import Audio, decode
from voice.training.voices import HELD_OUT_ACCENT

THRESHOLDS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)
"""Shares of unknown speech above which an utterance is refused."""
NOISE_DB = 12.0
IN_DOMAIN_AIM, OTHER_AIM = 3.0, 95.0
REFUSED = ("no_match", "no_input")
OUTCOMES = (*REFUSED, "out_of_scope", "clarify", "answered")
INSIDE = ("requests and commands, flite", "requests and commands, held-out voices")
SPEECH_KINDS = ("people reading aloud", "other sentences, synthetic")

ABOUT = f"""
In the domain of the coffee orders: 100 orders by people, clean and with kitchen noise at {NOISE_DB:g} dB, should be
taken; people reading aloud (the recordings of `speech/read`), {len(OTHER_SPEECH)} sentences of small talk, telephone
calls, news, television, numbers, prose and office talk in eSpeak voices of an accent ({HELD_OUT_ACCENT}) that is held
out of the acoustic model's training, music, tones, kitchen noise and silence should be refused. Refused: no word was
recognised, the share of unknown speech (`Transcript.unknown`) is above a threshold, or the transcript names no slot of
an order. pocketsphinx, which knows no unknown words, is the peer.
In the whole product: the {len(REQUESTS)} requests and {len(COMMANDS)} commands that these benchmarks use elsewhere, in
these voices and in flite's, which were in training, sent to the running service as recordings, and the same other
sounds. Refused: the turn's outcome is {" or ".join(REFUSED)}; "out_of_scope" is not counted as refused, though the
assistant does nothing then but say that it cannot. Rates are per cent with their 95 % confidence intervals (Wilson).
The product's own rule was fitted to other sentences than these.
"""

Sounds = Mapping[str, Sequence[Audio]]


@dataclass(frozen=True)
class Taken:
    """What became of one recording at the product."""

    outcome: str
    transcript: str

    @property
    def refused(self) -> bool:
        """Nothing was done, and nothing was said about it but that it was not understood."""
        return self.outcome in REFUSED


def run(place: Workplace) -> Findings:
    speech = need_speech()
    kitchen = speech / "noise" / "kitchen.wav"
    noise = decode(kitchen, max_seconds=600)
    coffee = load_coffee(speech)
    orders: Sounds = {
        "orders, clean": coffee.in_noise(noise, None),
        f"orders, kitchen at {NOISE_DB:g} dB": coffee.in_noise(noise, NOISE_DB),
    }
    place.say("speaking")
    spoken = (read_aloud(speech / "read"), speak_in_turn(OTHER_SPEECH, held_out()))
    others: Sounds = {**dict(zip(SPEECH_KINDS, spoken, strict=True)), **other_sounds(kitchen)}
    transcripts = Transcripts(place.kept / "transcripts", place.say)
    language = place.kept / "language"
    curves = []
    for ear in (our_ear(coffee.vocabulary, language), pocketsphinx_ear(coffee.vocabulary, language)):
        heard = {kind: transcripts.of(ear, sounds, kind) for kind, sounds in {**orders, **others}.items()}
        curves.append(_curve(coffee, ear.name, heard, tuple(orders)))
    wanted = (speak_in_turn((*REQUESTS, *COMMANDS), voices) for voices in (flite(), held_out()))
    product = _at_the_product(place, {**dict(zip(INSIDE, wanted, strict=True)), **others})
    return Findings((*curves, _by_kind(product)), tuple(_verdicts(product)))


def refused(heard: Heard, threshold: float, coffee: Coffee) -> bool:
    """Whether an order is refused by what the recogniser gave and the domain can read in it."""
    return heard.unknown > threshold or not read_slots(heard.text, coffee.phrases)


def _curve(coffee: Coffee, ear: str, heard: Mapping[str, Sequence[Heard]], orders: Sequence[str]) -> Table:
    """Refusals by threshold, of each kind of order, of other speech and of other sounds."""
    sounds = [one for kind, clips in heard.items() if kind not in (*orders, *SPEECH_KINDS) for one in clips]
    kinds = {
        **{kind: heard[kind] for kind in (*orders, *SPEECH_KINDS)},
        "other speech in all": [one for kind in SPEECH_KINDS for one in heard[kind]],
        "other sounds": sounds,
    }
    rows: list[tuple[Cell, ...]] = [("clips", *(len(clips) for clips in kinds.values()))]
    for threshold in THRESHOLDS:
        counts = (sum(refused(one, threshold, coffee) for one in clips) for clips in kinds.values())
        rates = (rate(count, len(clips)) for count, clips in zip(counts, kinds.values(), strict=True))
        rows.append((f"unknown above {threshold:g}", *rates))
    return Table((f"refused, {ear}, %", *kinds), tuple(rows))


def _at_the_product(place: Workplace, sounds: Sounds) -> dict[str, list[Taken]]:
    """Every recording as a turn in a conversation of its own."""
    taken = {}
    with running_service(place.paths.root) as service:
        for kind, recordings in sounds.items():
            place.say(f"{kind}: {len(recordings)} turns")
            taken[kind] = [_take(service, recording) for recording in recordings]
    return taken


def _take(service: Running, recording: Audio) -> Taken:
    with service.http as http:
        answer = http.post("/api/v1/turns", content=wav(recording.samples), headers={"content-type": "audio/wav"})
    report = answer.raise_for_status().json()
    return Taken(report["outcome"], report["transcript"])


def _by_kind(product: Mapping[str, Sequence[Taken]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for kind, taken in product.items():
        outcomes = Counter(one.outcome for one in taken)
        counts = (outcomes[outcome] for outcome in OUTCOMES)
        rows.append((kind, len(taken), rate(_refusals(taken), len(taken)), *counts))
    return Table(("at the whole product", "recordings", "refused, %", *OUTCOMES), tuple(rows))


def _verdicts(product: Mapping[str, Sequence[Taken]]) -> Iterator[str]:
    inside, other = ([one for kind in kinds for one in product[kind]] for kinds in (INSIDE, SPEECH_KINDS))
    yield aim_at_most("at the product, requests and commands refused", _refusals(inside), len(inside), IN_DOMAIN_AIM)
    yield aim_at_least("at the product, other speech refused", _refusals(other), len(other), OTHER_AIM)
    if let_in := [one.transcript for one in other if not one.refused]:
        yield f"Other speech that was let in, as it was heard: {'; '.join(sorted(let_in))}."
    if kept_out := [one.transcript or "nothing" for one in inside if one.refused]:
        yield f"Requests that were refused, as they were heard: {'; '.join(sorted(kept_out))}."


def _refusals(taken: Sequence[Taken]) -> int:
    return sum(one.refused for one in taken)


BENCHMARK = Benchmark("rejection", "Refusing what was not meant for it", ABOUT, run)
