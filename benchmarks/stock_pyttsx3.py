"""pyttsx3 with its own Linux driver, as a process of its own: sentences as JSON lines in, what became of each out.

Run by the benchmark `speaking`. The driver looks for eSpeak among the system's libraries; the benchmark shows it the
one in the wheel that the product uses.
"""

from __future__ import annotations

import json
import sys
import time
import wave
from pathlib import Path

import pyttsx3


def main(folder: Path) -> None:
    """Save each sentence to a file, in the way pyttsx3's manual does it, and say how long that took."""
    engine = pyttsx3.init("espeak")
    engine.setProperty("rate", 175)
    for number, line in enumerate(sys.stdin):
        path = folder / f"{number}.wav"
        started = time.perf_counter()
        engine.save_to_file(json.loads(line), str(path))
        engine.runAndWait()
        milliseconds = (time.perf_counter() - started) * 1000
        print(json.dumps({"ms": milliseconds, "seconds": _seconds(path)}), flush=True)


def _seconds(path: Path) -> float:
    """The length of the recording; 0 where there is none, or none that can be read."""
    try:
        with wave.open(str(path)) as file:
            return float(file.getnframes() / file.getframerate())
    except (OSError, wave.Error, EOFError):
        return 0.0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
