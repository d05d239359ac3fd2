"""A folder of recordings in, an adapted model out: what `./sori voice adapt` does."""

from __future__ import annotations

from pathlib import Path

from voice.acoustic_model import AcousticModel
from voice.audio import Audio, decode
from voice.errors import AudioError
from voice.pocketsphinx_engine import PocketsphinxRecogniser
from voice.recogniser import Recogniser, Vocabulary
from voice.training.adaptation import Adapted, Synthetic, adapt
from voice.training.batches import load_clips
from voice.training.data import Script, make_data
from voice.training.errors import TrainingError
from voice.training.publishing import ACOUSTIC, republish
from voice.training.shards import Progress
from voice.training.voices import held_out_voices, training_voices
from voice.vosk_engine import VoskRecogniser

SYNTHETIC_HOURS = 0.4
CHECK_HOURS = 0.1
MAX_SECONDS = 30.0
"""Longer recordings are no commands, and are left out."""
MAX_RECORDINGS = 5_000
MAX_CONSENT = 500
SUFFIXES = frozenset([".flac", ".m4a", ".mp3", ".ogg", ".opus", ".wav", ".webm"])


def adapt_folder(
    base: Path,
    recordings: Path,
    consent: str,
    vocabulary: Vocabulary,
    work: Path,
    *,
    processes: int = 1,
    seed: int = 1,
    progress: Progress,
) -> Adapted:
    """Adapt the model in the folder `base` to recordings of commands in `vocabulary`.

    `consent` says who agreed to it and how; it stands on the new model's card.

    Raises:
        TrainingError: `consent_missing`, `recordings_missing`, `voices_missing`, `too_little_speech`.
        ModelError: `model_invalid`, where `base` is no model of ours.
    """
    if not consent.strip():
        raise TrainingError("consent_missing", "Say who agreed that their recordings are learnt from, and how")
    heard = read_recordings(recordings)
    model = AcousticModel.load(base / ACOUSTIC)

    def listen(candidate: AcousticModel) -> Recogniser:
        folder = work / "candidate"
        republish(candidate, base, folder)
        return VoskRecogniser(folder, work / "cache", vocabulary)

    adapted = adapt(
        model,
        heard,
        listen,
        PocketsphinxRecogniser(work / "cache" / "pocketsphinx", vocabulary),
        synthetic_speech(vocabulary, work, processes, seed, progress),
        work,
        seed=seed,
        progress=progress,
    )
    if not adapted.improved:
        return adapted
    return adapted.with_card(recordings=len(heard), consent=" ".join(consent.split())[:MAX_CONSENT])


def synthetic_speech(vocabulary: Vocabulary, work: Path, processes: int, seed: int, progress: Progress) -> Synthetic:
    """What a model must not forget meanwhile."""
    learn = Script(vocabulary, (), tuple(training_voices()), SYNTHETIC_HOURS, 2, seed)
    check = Script(vocabulary, (), tuple(held_out_voices()), CHECK_HOURS, 0, seed + 1)
    learnt, checked = (make_data(script, work, processes, progress) for script in (learn, check))
    return Synthetic(load_clips(learnt.features), load_clips(checked.features))


def read_recordings(folder: Path) -> list[Audio]:
    """The recordings in a folder and those below it, in the order of their names.

    Raises:
        TrainingError: `recordings_missing`, where none can be read.
    """
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES)[:MAX_RECORDINGS]
    found: list[Audio] = []
    for file in files:
        try:
            found.append(decode(file, max_seconds=MAX_SECONDS))
        except AudioError:
            continue  # one broken file must not cost the others
    if not found:
        raise TrainingError("recordings_missing", f"There are no recordings in {folder} that can be read")
    return found
