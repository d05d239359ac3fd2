"""What recognisers hear in recordings, kept on disk until the recogniser or the sound changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.hearing import hear
from benchmarks.ears import Ear
from benchmarks.fingerprints import of_sounds, together
from benchmarks.keeping import kept, of_code
from voice.audio import Audio
from voice.recogniser import Transcript

WORKERS = 2
"""Vosk works without Python's lock."""


@dataclass(frozen=True)
class Heard:
    """The parts of a transcript that are scored; `confidence` is the best reading's, 0 where nothing was heard."""

    text: str
    confidence: float
    unknown: float

    @classmethod
    def of(cls, transcript: Transcript) -> Heard:
        """Those parts of a transcript."""
        best = transcript.alternatives[0].confidence if transcript.alternatives else 0.0
        return cls(transcript.text, best, transcript.unknown)


@dataclass(frozen=True)
class Transcripts:
    """Hears recordings, or finds what was heard in them before, in files under `folder`."""

    folder: Path
    say: Callable[[str], None]

    def of(self, ear: Ear, sounds: Sequence[Audio], what: str) -> list[Heard]:
        """What an ear hears in each sound; `what` is shown when they have to be heard now."""

        def listen() -> list[dict[str, object]]:
            self.say(f"{ear.name}: {what}")
            with closing(ear.open()) as recogniser, ThreadPoolExecutor(WORKERS) as threads:
                transcripts = threads.map(lambda sound: hear(sound, recogniser), sounds)
                return [asdict(Heard.of(transcript)) for transcript in transcripts]

        file = self.folder / f"{together(ear.content, of_code(), of_sounds(sounds))}.json"
        return [Heard(**one) for one in kept(file, listen)]
