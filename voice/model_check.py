"""Tries a Vosk model out in a process of its own: the library ends the whole process on some broken models.

Run as `python -m voice.model_check FOLDER` it speaks a sentence with eSpeak, recognises it, and prints a line of JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from voice.vosk_model import stamp

SENTENCE = "find me a talk about black holes"
PATIENCE_S = 30.0
"""Even for a small model on a busy machine; a broken one can keep Vosk at work without end."""
LOADED_PER_S = 20e6
"""Bytes; the largest models have two gigabytes and take a minute."""
SLOWEST = 0.5
"""CPU seconds per second of sound from which on a model is too slow: 20 people may speak at once."""
RATE = 16_000
_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Trial:
    """How a model did: what it heard, and its cost in CPU seconds to load and per second of sound.

    `problem` says in one sentence why the model is not to be used, and is None where nothing speaks against it.
    """

    problem: str | None
    heard: str = ""
    load_s: float = 0.0
    real_time_factor: float = 0.0


def try_model(folder: Path, *, english: bool = True, patience_s: float = PATIENCE_S) -> Trial:
    """Load a model and recognise one English sentence; one that is `english` has to hear most of its words.

    A large model is waited for longer than `patience_s`, by its size.
    """
    timeout_s = patience_s + sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / LOADED_PER_S
    command = [sys.executable, "-m", "voice.model_check", str(folder.resolve())]
    try:
        done = subprocess.run(command, cwd=_ROOT, capture_output=True, timeout=timeout_s, check=False)
    except subprocess.TimeoutExpired:
        return Trial(f"loading it and recognising one sentence took longer than {timeout_s:.0f} s")
    if done.returncode < 0:
        return Trial(f"Vosk crashed on it (signal {-done.returncode})")
    try:
        trial = Trial(**json.loads(done.stdout.decode().splitlines()[-1]))
    except (ValueError, IndexError, TypeError):
        return Trial(_last_line(done.stderr.decode(errors="replace")))
    if trial.problem is None and english and missing_words(trial.heard) > 0.5:
        return Trial(f"it heard {trial.heard!r} instead of {SENTENCE!r}", trial.heard, trial.load_s)
    if trial.problem is None and trial.real_time_factor > SLOWEST:
        problem = f"it is too slow here: {trial.real_time_factor:.2f} s of CPU for a second of sound"
        return Trial(problem, trial.heard, trial.load_s, trial.real_time_factor)
    return trial


class Trials:
    """Trials that have been made before, kept in a file, for as long as the models stay the same."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, folder: Path, *, english: bool = True) -> Trial:
        """The trial of a folder, made now where it has changed since."""
        known = self._read()
        key = f"{stamp(folder)}-{english}"
        if key not in known:
            known[key] = asdict(try_model(folder, english=english))
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_suffix(f".{os.getpid()}")
            temporary.write_text(json.dumps(known, indent=1))
            temporary.replace(self._path)
        return Trial(**known[key])

    def _read(self) -> dict[str, Any]:
        """What is known; nothing where the file is missing or not one of these."""
        try:
            known = json.loads(self._path.read_text())
            return {key: asdict(Trial(**trial)) for key, trial in known.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}


def missing_words(heard: str) -> float:
    """The share of the sentence's words that were not heard."""
    words = SENTENCE.split()
    return sum(word not in heard.split() for word in words) / len(words)


def _last_line(errors: str) -> str:
    """What a process that gave no result said last, without Kaldi's log prefix."""
    lines = [line for line in errors.splitlines() if line.strip() and not line.startswith("[ Stack")]
    said = next((line for line in lines if line.startswith("ERROR")), lines[-1] if lines else "no reason given")
    return f"Vosk cannot use it: {said.split(') ', 1)[-1][:200]}"


def _speech() -> bytes:
    from voice.espeak import library
    from voice.resampler import Resampler

    espeak = library()
    espeak.set_voice("en-us")
    spoken: list[bytes] = []

    def sink(pcm: bytes, _: object) -> bool:
        spoken.append(pcm)
        return True

    espeak.synthesize(SENTENCE, sink)
    return bytes(RATE) + Resampler(espeak.rate, RATE).resample(b"".join(spoken)) + bytes(RATE)


def _try(folder: Path) -> Trial:
    from voice.errors import VoiceError
    from voice.vosk_engine import VoskStream, load_model

    speech = _speech()
    try:
        begun = time.process_time()
        model = load_model(folder)
        loaded = time.process_time()
        stream = VoskStream(model)
        for start in range(0, len(speech), RATE // 5):
            stream.feed(speech[start : start + RATE // 5])
        heard = stream.finish().text
    except VoiceError as error:
        return Trial(error.message)
    cost = (time.process_time() - loaded) / (len(speech) / (2 * RATE))
    return Trial(None, heard, round(loaded - begun, 3), round(cost, 4))


if __name__ == "__main__":
    print(json.dumps(asdict(_try(Path(sys.argv[1])))))
