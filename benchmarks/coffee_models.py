"""Recognisers for coffee orders: the peer, and models of ours made for it by the project's own trainer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import voice.kaldi
import voice.training
from benchmarks.benchmark import Workplace
from benchmarks.coffee import Coffee
from benchmarks.ears import Ear, our_ear, pocketsphinx_ear
from benchmarks.fingerprints import of_files, of_vocabulary, together
from voice.acoustic_model import AcousticModel
from voice.models import SHIPPED
from voice.recogniser import Vocabulary
from voice.training.adapting import adapt_folder
from voice.training.production import Order, make_model
from voice.training.publishing import ACOUSTIC, publish, republish

HOURS = 1.0
"""Of synthetic speech."""
SEED = 1
PROCESSES = 2
CONSENT = "published for research and use under Apache-2.0 by Picovoice"
COMMAND = "python -m benchmarks orders"


def ears_for(coffee: Coffee, speech: Path, place: Workplace) -> Iterator[Ear]:
    """Every recogniser of the coffee benchmark, in the order in which they are made; models are kept."""
    vocabulary, language = coffee.vocabulary, place.kept / "language"
    yield pocketsphinx_ear(vocabulary, language)
    yield our_ear(vocabulary, language)
    folder = place.kept / "coffee" / _name(vocabulary)
    shipped = AcousticModel.load(SHIPPED / ACOUSTIC)
    words = _made(folder / "words", lambda made: publish(shipped, vocabulary, made))
    yield our_ear(vocabulary, language, "ours, shipped acoustics, coffee words alone", words)
    work, progress = folder / "work", _stages(place.say)

    def train(made: Path) -> None:
        order = Order(vocabulary, hours=HOURS, seed=SEED)
        make_model(order, made, work, start=shipped, command=COMMAND, processes=PROCESSES, progress=progress)

    def adapt(made: Path) -> None:
        recordings = speech / "unlabelled"
        adapted = adapt_folder(
            trained, recordings, CONSENT, vocabulary, work, processes=PROCESSES, seed=SEED, progress=progress
        )
        place.say(f"adapted to {adapted.agreed} recordings; {'better' if adapted.improved else 'no'} on those held out")
        republish(adapted.model, trained, made)

    trained = _made(folder / "trained", train)
    yield our_ear(vocabulary, language, "ours, trained for coffee", trained)
    yield our_ear(vocabulary, language, "ours, trained for coffee, adapted", _made(folder / "adapted", adapt))


def _name(vocabulary: Vocabulary) -> str:
    """All that the models are made from."""
    code = (of_files(Path(package.__file__ or "").parent, "*.py") for package in (voice.training, voice.kaldi))
    return together(*code, of_files(SHIPPED, ACOUSTIC), of_vocabulary(vocabulary), f"{HOURS} {SEED}")


def _made(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder, made where it is not there yet; each `make` writes it whole or not at all."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        make(folder)
    return folder


def _stages(say: Callable[[str], None]) -> Callable[[str, int, int], None]:
    """Says what is being done, at each tenth of it."""

    def progress(stage: str, done: int, of: int) -> None:
        if done in (0, of) or done * 10 // max(1, of) != (done - 1) * 10 // max(1, of):
            say(f"{stage}: {done} of {of}")

    return progress
