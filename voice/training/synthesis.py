"""Synthetic speech: one voice, one sentence, 16 kHz, with the rate, pitch and vocal tract of somebody else."""

from __future__ import annotations

import subprocess
import tempfile
import wave
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from voice.recogniser import RATE
from voice.training.errors import TrainingError
from voice.training.voices import Voice

Sound = NDArray[np.float32]
"""Samples at 16 kHz, full scale at 1."""

_TRACT = (0.86, 1.18)
"""How much longer or shorter a voice's vocal tract is made by resampling, which shifts formants and pitch."""
_STRETCH = (0.75, 1.3)
"""Duration of the phones beside the voice's own."""
_MEAN_PITCH_HZ = {"awb": 135.0, "kal": 105.0, "kal16": 105.0, "rms": 98.0, "slt": 165.0}
"""Of flite's voices."""
_RATE_STEP_HZ = 50
_WITHIN_S = 60


@dataclass(frozen=True)
class Line:
    """A sentence for a voice, and the speaker it is turned into.

    `tract` resamples (above 1 is slower and deeper), `stretch` lengthens the phones, `pitch` is the mean pitch beside
    the voice's own, `swing` the spread of it in hertz (flite) or steps (espeak-ng).
    """

    text: str
    voice: Voice
    tract: float
    stretch: float
    pitch: float
    swing: float

    @classmethod
    def draw(cls, text: str, voice: Voice, dice: np.random.Generator) -> Line:
        """A speaker at random."""
        tract = dice.uniform(*_TRACT)
        # Resampling slows down too: half of that is taken back.
        stretch = dice.uniform(*_STRETCH) / np.sqrt(tract)
        return cls(text, voice, tract, stretch, pitch=dice.uniform(0.8, 1.35), swing=dice.uniform(8, 40))


def speak(lines: Sequence[Line]) -> list[Sound]:
    """The sound of each line, in order.

    Raises:
        TrainingError: `synthesis_failed`, with the synthesizer's own words.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{index}.wav" for index in range(len(lines))]
        scenes: dict[str, list[tuple[Line, Path]]] = defaultdict(list)
        for line, file in zip(lines, files, strict=True):
            if line.voice.engine == "festival":
                scenes[line.voice.name].append((line, file))
            else:
                _run(_flite(line, file) if line.voice.engine == "flite" else _espeak(line, file))
        for name, scene in scenes.items():
            script = Path(folder) / f"{name}.scm"
            script.write_text(_festival(name, scene), encoding="ascii")
            _run(["festival", "-b", str(script)])
        return [_read(file, line.tract) for line, file in zip(lines, files, strict=True)]


def _flite(line: Line, file: Path) -> list[str]:
    settings = {
        "duration_stretch": line.stretch,
        "int_f0_target_mean": _MEAN_PITCH_HZ[line.voice.name] * line.pitch,
        "int_f0_target_stddev": line.swing,
    }
    setf = [word for name, value in settings.items() for word in ("--setf", f"{name}={value:.3f}")]
    return ["flite", "-voice", line.voice.name, *setf, "-t", line.text, "-o", str(file)]


def _espeak(line: Line, file: Path) -> list[str]:
    words_a_minute = round(np.clip(160 / line.stretch, 100, 230))
    pitch = round(np.clip(50 + 100 * (line.pitch - 1.05), 5, 95))
    return ["espeak-ng", "-v", line.voice.name, "-s", str(words_a_minute), "-p", str(pitch), "-w", str(file), line.text]


def _festival(name: str, scene: Sequence[tuple[Line, Path]]) -> str:
    script = [f"(voice_{name})"]
    for line, file in scene:
        script.append(f"(Parameter.set 'Duration_Stretch {line.stretch:.3f})")
        script.append(f'(utt.save.wave (utt.synth (Utterance Text "{line.text}")) "{file}" \'riff)')
    return "\n".join(script)


def _run(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_WITHIN_S)
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or b""
        raise TrainingError(
            "synthesis_failed", f"{command[0]} failed: {error} {said.decode(errors='replace')}"
        ) from error


def _read(file: Path, tract: float) -> Sound:
    with wave.open(str(file)) as sound:
        rate = sound.getframerate()
        samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(np.float32) / 32_768
    up, down = round(RATE * tract / _RATE_STEP_HZ), round(rate / _RATE_STEP_HZ)
    changed = np.asarray(resample_poly(samples, up, down), np.float32)
    return np.asarray(changed / (np.abs(changed).max() + np.float32(1e-6)), np.float32)
