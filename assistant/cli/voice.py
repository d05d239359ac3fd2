"""`./sori voice`: train the speech model that ships with Sori, adapt it to its people, go back."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from assistant.expected_speech import expected_speech
from assistant.house import NLU_DATA
from assistant.paths import DataPaths
from assistant.settings import load_settings
from assistant.setup.debian import ensure_packages
from assistant.setup.environments import SetupError
from skills.media.catalogue import demo_items
from voice.acoustic_model import AcousticModel
from voice.errors import VoiceError
from voice.kaldi.common_words import common_speech
from voice.models import SHIPPED
from voice.spoken_form import spoken_words
from voice.training.adapting import adapt_folder
from voice.training.production import Order, make_acoustic_model, make_english
from voice.training.publishing import ACOUSTIC
from voice.training.spotting import build_spotter
from voice.training.train import SPOTTING
from voice.training.versions import keep_version, restore_version
from voice.training.voices import missing_packages
from voice.wake.network import SPOTTER

NAME = "sori-english"
"""Where a new model goes among the Vosk models, unless told otherwise."""


def run(options: argparse.Namespace) -> int:
    """Do one of `train`, `adapt`, `restore`."""
    paths = DataPaths(load_settings(data_dir=options.data_dir).data_dir)
    paths.make()
    try:
        {"train": _train, "adapt": _adapt, "restore": _restore}[options.action](options, paths)
    except VoiceError as error:
        raise SetupError(error.message) from error
    return 0


def _train(options: argparse.Namespace, paths: DataPaths) -> None:
    ensure_packages(missing_packages(), "training")
    extra = _words_of(options.words) if options.words else []
    order = Order(
        vocabulary=expected_speech(NLU_DATA, demo_items()),
        words=(*common_speech().words, *extra),
        hours=options.hours,
        seed=options.seed,
    )
    if options.spotter:
        model = make_acoustic_model(
            order, paths.training, recipe=SPOTTING, processes=options.processes, progress=ProgressLine()
        )
        folder = options.out or SPOTTER.parent
        build_spotter(model, folder)
        print(f"The wake word's network and thresholds are in {folder}.")
        return
    folder = options.out or paths.vosk_models / NAME
    make_english(
        order,
        expected_speech(NLU_DATA, []),
        folder,
        paths.training,
        command=" ".join(["./sori voice train", *_repeated(options)]),
        start=AcousticModel.load(options.start / ACOUSTIC) if options.start else None,
        processes=options.processes,
        progress=ProgressLine(),
    )
    print(f"The model is in {folder}; MODEL.md there says how well it hears.")


def _words_of(file: Path) -> list[str]:
    try:
        return spoken_words(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"the words in {file} cannot be read: {error}") from error


def _repeated(options: argparse.Namespace) -> list[str]:
    """What makes the same model again."""
    given = [f"--seed {options.seed}", f"--hours {options.hours:g}"]
    given += [f"--words {options.words.name}"] if options.words else []
    return given + ([f"--from {options.start.name}"] if options.start else [])


def _adapt(options: argparse.Namespace, paths: DataPaths) -> None:
    ensure_packages(missing_packages(), "training")
    base = paths.adapted_model if paths.adapted_model.exists() else SHIPPED
    adapted = adapt_folder(
        base,
        options.recordings,
        f"{options.consent}, {datetime.now(UTC):%Y-%m-%d}" if options.consent.strip() else "",
        expected_speech(NLU_DATA, demo_items()),
        paths.training,
        processes=options.processes,
        progress=ProgressLine(),
    )
    before, after = adapted.likelihood
    print(f"{adapted.agreed} recordings were understood well enough to learn from.")
    print(f"Those held out: {before:.3f} before, {after:.3f} after (mean log probability of what was said).")
    if adapted.improved:
        number = keep_version(adapted.model, base, paths.adapted_model)
        print(f"Adapted model {number} is used from the next start on; `./sori voice restore` goes back.")
    else:
        print("That is no improvement, so everything stays as it was.")


def _restore(_: argparse.Namespace, paths: DataPaths) -> None:
    number = restore_version(paths.adapted_model)
    back = "the model that comes with Sori" if number is None else f"adapted model {number}"
    print(f"From the next start on: {back}")


class ProgressLine:
    """One line a stage: how far it is, and how long it may still take."""

    def __init__(self) -> None:
        self._stage = ""
        self._begun = 0.0
        self._before = 0

    def __call__(self, stage: str, done: int, of: int) -> None:
        """Show it: in a terminal as a line that changes, in a file as a line for each tenth."""
        name = stage.partition(" (")[0]
        if name != self._stage:
            self._stage, self._begun, self._before = name, time.monotonic(), done
        tty = sys.stderr.isatty()
        if not tty and done < of and done * 10 // of == (done - 1) * 10 // of:
            return
        end = "\r" if tty and done < of else "\n"
        print(f"{stage}: {done} of {of}{self._left(done, of)}".ljust(100), end=end, file=sys.stderr, flush=True)

    def _left(self, done: int, of: int) -> str:
        if done <= self._before or done >= of:
            return ""
        seconds = (time.monotonic() - self._begun) / (done - self._before) * (of - done)
        return f", about {seconds / 60:.0f} min left" if seconds > 60 else f", about {seconds:.0f} s left"
