"""How well speech is heard: requests in voices that are not the product's, and recordings of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.flite import VOICES, Said, speak
from benchmarks.people import hear_commands, hear_reading
from benchmarks.report import Cell, Findings, Table, spread
from benchmarks.utterances import REQUESTS
from tests.service.running import Running, running_service
from voice.spoken_form import spoken_words

SPEECH = MEASURING_DATA / "speech"

ABOUT = f"""
{len(REQUESTS)} requests for media in {len(VOICES)} voices of flite, each sent to the running service as a recording and
answered in a conversation of its own, so that the recogniser, its vocabulary and the search are the product's. Exact:
the transcript has the request's words. Among the alternatives: one of those that the recogniser gave has. Same item:
the first item of the answer is that of the same request in writing. Synthetic voices speak more clearly than people
in a room, so people are heard too: the recorded coffee orders of the Picovoice speech-to-intent benchmark (100 clips,
more than 50 people) by our recogniser with the 431 example sentences that come with the set as its vocabulary, clean
and with kitchen noise mixed in by the energy of the whole clip; an order is accepted where every slot is right, none is
missing and none too many. And ten sentences read aloud (Austen, playing cards) as a smoke test of word error, once
with a vocabulary of just these sentences and once with the product's own, which was not made for them.
"""


@dataclass(frozen=True)
class Answer:
    """What became of one spoken request."""

    voice: str
    exact: bool
    among: bool
    same_item: bool
    load: float
    """Seconds of recognition per second of sound."""


def run(place: Workplace) -> Findings:
    place.say("speaking")
    recordings = speak(REQUESTS)
    with running_service(place.paths.root) as service:
        recogniser = service.health()["parts"]["recogniser"]
        written = {text: _first_item(_turn(service, json={"text": text})) for text in REQUESTS}
        answers = []
        for number, said in enumerate(recordings):
            answers.append(_answer(service, said, written[said.text]))
            if number % 40 == 0:
                place.say(f"{number} of {len(recordings)} spoken requests")
    rows = [_row(voice, [one for one in answers if one.voice == voice]) for voice in VOICES]
    requests = Table(
        ("voice", "requests", "exact", "among the alternatives", "same item"), (*rows, _row("all", answers))
    )
    _, p50, p95 = spread([one.load for one in answers])
    missing = [text for text, item in written.items() if item is None]
    remarks = [
        f"Recogniser: {recogniser}; seconds of recognition per second of sound: p50 {p50:.3f}, p95 {p95:.3f}.",
        *([f"In writing, nothing was found for: {', '.join(missing)}."] if missing else []),
    ]
    if not SPEECH.is_dir():
        return Findings((requests,), (*remarks, f"Recordings of people were left out: there is no {_short(SPEECH)}."))
    place.say("recordings of people")
    cache = place.kept / "language"
    return Findings((requests, hear_commands(SPEECH, cache), hear_reading(SPEECH, cache)), tuple(remarks))


def _turn(service: Running, **request: Any) -> dict[str, Any]:
    with service.http as http:
        report: dict[str, Any] = http.post("/api/v1/turns", **request).raise_for_status().json()
    return report


def _answer(service: Running, said: Said, expected: str | None) -> Answer:
    report = _turn(service, content=said.sound, headers={"content-type": "audio/wav"})
    words = spoken_words(said.text)
    return Answer(
        said.voice,
        exact=spoken_words(report["transcript"]) == words,
        among=any(spoken_words(one["text"]) == words for one in report["alternatives"]),
        same_item=expected is not None and _first_item(report) == expected,
        load=report["trace"]["stages_ms"]["recognition"] / 1000 / _seconds(said.sound),
    )


def _first_item(report: dict[str, Any]) -> str | None:
    """The item that is played, or the first that is shown."""
    reply = report["reply"]
    played = [one["item"] for one in reply["directives"] if one["type"] == "play"]
    return next(iter([*played, *(card["item"] for card in reply["cards"])]), None)


def _row(name: str, answers: Sequence[Answer]) -> tuple[Cell, ...]:
    counts = (
        sum(one.exact for one in answers),
        sum(one.among for one in answers),
        sum(one.same_item for one in answers),
    )
    return (name, len(answers), *(f"{count} ({100 * count / len(answers):.0f} %)" for count in counts))


def _seconds(wav: bytes) -> float:
    """Of a WAV file at 16 kHz, 16 bit, mono."""
    return len(wav) / 32_000


def _short(path: Path) -> str:
    return f"../{path.relative_to(MEASURING_DATA.parents[1])}"


BENCHMARK = Benchmark("hearing", "Hearing", ABOUT, run)
