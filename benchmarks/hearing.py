"""How well speech is heard: requests in voices that are not the product's, and people who read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.benchmark import SPEECH, Benchmark, Workplace
from benchmarks.ears import PEER
from benchmarks.flite import VOICES, Said, speak
from benchmarks.people import hear_reading
from benchmarks.report import Cell, Findings, Table, rate, spread
from benchmarks.utterances import REQUESTS
from tests.service.running import Running, running_service
from voice.spoken_form import spoken_words

ABOUT = f"""
{len(REQUESTS)} requests for media in {len(VOICES)} voices of flite, each sent to the running service as a recording and
answered in a conversation of its own, so that the recogniser, its vocabulary and the search are the product's: once
with the recogniser that the service takes by itself, and once with pocketsphinx. Exact: the transcript has the
request's words. Among the alternatives: one of those that the recogniser gave has. Same item: the first item of the
answer is that of the same request in writing. Rates are per cent, with their 95 % confidence intervals. Most of these
voices were also in the acoustic model's training, which favours it; `rejection` and `orders` use voices and people that
were not. And ten sentences read aloud (Austen, playing cards) as a smoke test of word error, once with a vocabulary of
just these sentences and once with the product's own, which was not made for them.
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
    heard = [_hear_all(place, recordings, environment) for environment in ({}, {"SORI_RECOGNISER": PEER})]
    rows = [_row(recogniser, "all", answers) for recogniser, answers in heard]
    (ours, answers), _ = heard
    rows += [_row(ours, voice, [one for one in answers if one.voice == voice]) for voice in VOICES]
    requests = Table(
        ("recogniser, voice", "requests", "exact", "among the alternatives", "same item", "s per s, p50", "p95"),
        tuple(rows),
    )
    remarks = ["The last two columns are seconds of recognition per second of sound, as the service's trace has them."]
    if not SPEECH.is_dir():
        remarks.append(f"Recordings of people were left out: there is no folder {SPEECH}.")
        return Findings((requests,), tuple(remarks))
    place.say("sentences read aloud")
    return Findings((requests, hear_reading(SPEECH, place.kept / "language")), tuple(remarks))


def _hear_all(
    place: Workplace, recordings: Sequence[Said], environment: dict[str, str]
) -> tuple[str, Sequence[Answer]]:
    """Every request by a service of its own; gives its recogniser's name too."""
    with running_service(place.paths.root, environment=environment) as service:
        recogniser = str(service.health()["parts"]["recogniser"])
        written = {text: _first_item(_turn(service, json={"text": text})) for text in REQUESTS}
        answers = []
        for number, said in enumerate(recordings):
            answers.append(_answer(service, said, written[said.text]))
            if number % 40 == 0:
                place.say(f"{recogniser}: {number} of {len(recordings)} spoken requests")
    return recogniser, answers


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


def _row(recogniser: str, voice: str, answers: Sequence[Answer]) -> tuple[Cell, ...]:
    counts = (
        sum(one.exact for one in answers),
        sum(one.among for one in answers),
        sum(one.same_item for one in answers),
    )
    _, p50, p95 = spread([one.load for one in answers])
    return (f"{recogniser}, {voice}", len(answers), *(rate(count, len(answers)) for count in counts), p50, p95)


def _seconds(wav: bytes) -> float:
    """Of a WAV file at 16 kHz, 16 bit, mono."""
    return len(wav) / 32_000


BENCHMARK = Benchmark("hearing", "Hearing", ABOUT, run)
