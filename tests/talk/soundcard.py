"""A sound card made of pipes: ALSA's `file` plugin, so that the real PortAudio runs on a machine without one."""

from __future__ import annotations

import fcntl
import os
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

MICROPHONE_RATE = 16_000
SPEED = 4
"""How much faster than real time the card runs."""

TICK_S = 0.005
BLOCK_BYTES = 640
"""What PortAudio reads at once from a microphone of 16 kHz: 20 ms."""

CONFIGURATION = """\
pcm.microphone {{
  type file
  slave.pcm {{ type null }}
  file "/dev/null"
  infile "{folder}/microphone"
  format "raw"
}}
pcm.loudspeaker {{
  type file
  slave.pcm {{ type null }}
  file "{folder}/loudspeaker"
  format "raw"
}}
pcm.default {{
  type asym
  capture.pcm "microphone"
  playback.pcm "loudspeaker"
}}
"""


class SoundCard:
    """Its microphone hears `say`, otherwise silence; `played` is what came out, at the loudspeaker's rate, mono.

    `recorded` counts the bytes that the microphone has given away.
    """

    def __init__(self, folder: Path) -> None:
        self.configuration = folder / "asound.conf"
        self.configuration.write_text(CONFIGURATION.format(folder=folder))
        self._pipes = []
        for name in ("microphone", "loudspeaker"):
            os.mkfifo(folder / name)
            pipe = os.open(folder / name, os.O_RDWR | os.O_NONBLOCK)
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 4096)
            self._pipes.append(pipe)
        self._said = b""
        self.recorded = 0
        self._played = bytearray()
        self._off = threading.Event()

    def say(self, samples: NDArray[np.int16]) -> None:
        """Let the microphone hear this from now on, over and over; empty for silence."""
        self._said, self.recorded = samples.tobytes(), 0

    @property
    def played(self) -> NDArray[np.int16]:
        return np.frombuffer(bytes(self._played[: len(self._played) // 2 * 2]), dtype="<i2")

    def run(self) -> None:
        threads = [threading.Thread(target=work, daemon=True) for work in (self._feed, self._drain)]
        for thread in threads:
            thread.start()
        self._off.wait()
        for thread in threads:
            thread.join()
        for pipe in self._pipes:
            os.close(pipe)

    def turn_off(self) -> None:
        self._off.set()

    def _feed(self) -> None:
        per_tick = int(MICROPHONE_RATE * 2 * TICK_S * SPEED) // BLOCK_BYTES
        while not self._off.wait(TICK_S):
            for _ in range(per_tick):
                if not select.select([], [self._pipes[0]], [], 0)[1]:
                    break
                said = self._said or bytes(BLOCK_BYTES)
                at = self.recorded % len(said)
                os.write(self._pipes[0], (said[at:] + said[:at])[:BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0"))
                self.recorded += BLOCK_BYTES

    def _drain(self) -> None:
        while not self._off.wait(TICK_S):
            if select.select([self._pipes[1]], [], [], 0)[0]:
                self._played += os.read(self._pipes[1], int(44_100 * 2 * TICK_S * SPEED))


@contextmanager
def sound_card(folder: Path) -> Iterator[SoundCard]:
    """A card in the empty folder `folder`, turned on."""
    card = SoundCard(folder)
    running = threading.Thread(target=card.run, daemon=True)
    running.start()
    try:
        yield card
    finally:
        card.turn_off()
        running.join(timeout=5)


def tone(hertz: float, seconds: float, rate: int, amplitude: int) -> NDArray[np.int16]:
    time = np.arange(int(seconds * rate)) / rate
    samples: NDArray[np.int16] = np.rint(amplitude * np.sin(2 * np.pi * hertz * time)).astype(np.int16)
    return samples


def loudness(samples: NDArray[np.int16], rate: int, hertz: float) -> float:
    """The greatest amplitude of that tone in any 50 ms of the samples."""
    frames = rate // 20
    wave = np.exp(-2j * np.pi * hertz * np.arange(frames) / rate)
    usable = len(samples) // frames * frames
    return float(np.max(np.abs(samples[:usable].reshape(-1, frames) @ wave)) * 2 / frames) if usable else 0.0
