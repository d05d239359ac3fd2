"""The whole way from what people say to a folder that Vosk loads, with its card."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from voice.acoustic_model import AcousticModel
from voice.kaldi.english import build_english
from voice.recogniser import Vocabulary
from voice.training.data import Script, make_data
from voice.training.evaluation import spoken_texts, word_error_rate
from voice.training.publishing import describe, publish, with_card
from voice.training.shards import Progress
from voice.training.train import FINE_TUNING, Recipe, Trained, train_acoustic_model
from voice.training.voices import PACKAGES, held_out_voices, training_voices
from voice.vosk_engine import VoskRecogniser

COPIES = 3
CHECK_HOURS = 0.2


@dataclass(frozen=True)
class Order:
    """What a model is wanted for.

    `vocabulary` are the sentences that will be said; `words` are heard in training beside it.
    """

    vocabulary: Vocabulary
    words: tuple[str, ...] = ()
    hours: float = 8.0
    seed: int = 1

    @property
    def script(self) -> Script:
        """What is said in training."""
        return Script(self.vocabulary, self.words, tuple(training_voices()), self.hours, COPIES, self.seed)

    @property
    def check(self) -> Script:
        """Sentences for the error rates, by voices that training does not hear."""
        hours = min(CHECK_HOURS, self.hours / 4)
        return Script(self.vocabulary, (), tuple(held_out_voices()), hours, 0, self.seed + 1, random_share=0.0)


def make_acoustic_model(
    order: Order,
    work: Path,
    *,
    recipe: Recipe | None = None,
    start: AcousticModel | None = None,
    processes: int = 1,
    progress: Progress,
) -> AcousticModel:
    """Train on synthetic speech, from nothing or from a model that `start`s; both may take from minutes to an hour.

    Raises:
        TrainingError: `voices_missing`, `synthesis_failed`, `too_little_speech`.
    """
    recipe = recipe or (FINE_TUNING if start else Recipe())
    trained: Trained = train_acoustic_model(
        order.script, order.check, recipe, work, start=start, processes=processes, progress=progress
    )
    return with_card(
        trained.model,
        hours_of_synthetic_speech=order.hours,
        surroundings_each=COPIES + 1,
        seed=order.seed,
        epochs=recipe.epochs,
        sentences=len(order.vocabulary.sentences),
        words=len(order.words),
        voices=[f"{voice.engine} {voice.name}" for voice in order.script.voices if voice.engine != "espeak-ng"],
        espeak_voices=sum(voice.engine == "espeak-ng" for voice in order.script.voices),
        packages=PACKAGES,
        frames_right_of_held_out_voices=trained.held_out_accuracy,
    )


def make_model(
    order: Order,
    folder: Path,
    work: Path,
    *,
    command: str,
    start: AcousticModel | None = None,
    processes: int = 1,
    progress: Progress,
) -> AcousticModel:
    """Train, write a folder in which the vocabulary alone can be said, and measure what it hears of held-out voices.

    `command` goes on the card: how the model can be made again.

    Raises:
        TrainingError: as `make_acoustic_model`.
        ModelError: `tools_missing`, `graph_failed`.
    """
    model = make_acoustic_model(order, work, start=start, processes=processes, progress=progress)
    publish(model, order.vocabulary, folder)
    return _measured(model, order, folder, work, command, processes, progress)


def make_english(
    order: Order,
    grammar: Vocabulary,
    folder: Path,
    work: Path,
    *,
    command: str,
    start: AcousticModel | None = None,
    processes: int = 1,
    progress: Progress,
) -> AcousticModel:
    """The same for the folder that ships with Sori, in which any common English word can be said.

    `grammar` is the part of the vocabulary that goes into the folder; the rest is put in when the model is used.
    """
    model = make_acoustic_model(order, work, start=start, processes=processes, progress=progress)
    texts = [text for text, _ in order.vocabulary.sentences]
    build_english(model, grammar, [*texts, *order.words], folder)
    return _measured(model, order, folder, work, command, processes, progress)


def _measured(
    model: AcousticModel, order: Order, folder: Path, work: Path, command: str, processes: int, progress: Progress
) -> AcousticModel:
    """The model with its error rate on the card, and the card in the folder."""
    check = make_data(order.check, work, processes, progress)
    progress("check", 0, 1)
    with closing(VoskRecogniser(folder, work / "cache", order.vocabulary)) as recogniser:
        wrong = word_error_rate(recogniser, spoken_texts(check))
    progress("check", 1, 1)
    model = with_card(model, word_error_rate_of_held_out_voices=wrong, command=command)
    describe(model, folder)
    return model
