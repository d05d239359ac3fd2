"""Spliced recordings as the product's own parts hear them, kept until the parts or the recordings change."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.ears import Ear
from benchmarks.fingerprints import of_sounds, together
from benchmarks.keeping import kept, of_code
from benchmarks.pauses import Paused, splice
from benchmarks.replay import Track, record
from benchmarks.seeds import dice
from voice.activity import Activity
from voice.audio import Audio
from voice.end_of_turn import EndOfTurnOptions
from voice.recogniser import Word


@dataclass(frozen=True)
class Turn:
    """A spliced recording as it was heard, and where its last word ends."""

    track: Track
    speech_end_ms: int


def splice_all(sounds: Sequence[Audio], ear: Ear, rounds: int, folder: Path) -> list[Paused]:
    """Every recording, so many times; the words between which pauses go are those that the ear hears."""

    def listen() -> list[list[dict[str, object]]]:
        with closing(ear.open()) as recogniser:
            heard = []
            for sound in sounds:
                stream = recogniser.open()
                stream.feed(sound.pcm)
                heard.append([asdict(word) for word in stream.finish().words])
            return heard

    file = folder / f"words-{together(ear.content, of_code(), of_sounds(sounds))}.json"
    spoken = [[Word(**one) for one in words] for words in kept(file, listen)]
    return [
        splice(sound.samples, words, dice("pauses", number, round_))
        for number, (sound, words) in enumerate(zip(sounds, spoken, strict=True))
        for round_ in range(rounds)
        if len(words) > 1
    ]


def hear_all(spoken: Sequence[Paused], ear: Ear, endless: EndOfTurnOptions, folder: Path) -> list[Turn]:
    """Every spliced recording, heard with timers that never end a turn."""
    sounds = [Audio(one.pcm) for one in spoken]

    def listen() -> list[object]:
        with closing(ear.open()) as recogniser:
            tracks = [record(sound.pcm, recogniser, endless) for sound in sounds]
        return [([asdict(one) for one in track.activity], track.fed, track.texts) for track in tracks]

    file = folder / f"heard-{together(ear.content, of_code(), of_sounds(sounds))}.json"
    return [
        Turn(Track(sound.pcm, [Activity(**one) for one in activity], fed, texts), one.speech_end_ms)
        for sound, one, (activity, fed, texts) in zip(sounds, spoken, kept(file, listen), strict=True)
    ]
