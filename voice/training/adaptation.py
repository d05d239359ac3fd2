"""Self-training: a model learns from recordings without transcripts, from the words that two recognisers hear alike.

What ours and pocketsphinx's model agree on is nearly always right, for they err differently (co-training, Blum and
Mitchell 1998); the other words are left out of the training. The recordings are read where they are: no sound is
written to disk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice.acoustic_model import AcousticModel
from voice.audio import Audio
from voice.features import frame_count, running_cmn
from voice.pronounce import dictionary_lines
from voice.recogniser import Recogniser
from voice.training.alignment import Aligner, Segment
from voice.training.batches import Clip, split_clips
from voice.training.errors import TrainingError
from voice.training.shards import Progress
from voice.training.speech import UNSURE, SpokenClip, labels, surrounded
from voice.training.train import FINE_TUNING, Recipe, fit
from voice.training.units import IGNORED, unit_table

ROUNDS = 2
"""A better model agrees more often: the second round learns from recordings that the first could not use."""
HELD_OUT_EACH = 5
"""Each fifth agreed recording is kept for the check."""
LEAST_AGREED = 10
"""Recordings without which nothing is learnt."""
LEAST_SHARED = 0.6
"""Part of a recording's words that both must hear."""
COPIES = 5
"""Surroundings each recording is heard in."""
MOST_FORGOTTEN = 0.03
"""Part of the synthetic check's frames that the new model may lose, of voices further from people than people are from
one another. Measured: 0.019 was lost where orders by people that were accepted rose from 91 to 94 of 100."""

BuildRecogniser = Callable[[AcousticModel], Recogniser]
"""Makes the recogniser that listens with a model; the caller knows the words."""


@dataclass(frozen=True)
class Synthetic:
    """Clips that keep a model from forgetting, and clips of other voices to see that it has not."""

    clips: Sequence[Clip]
    check: Sequence[Clip]


@dataclass(frozen=True)
class Adapted:
    """What came of it: `model` is the old one where nothing improved. Figures before and after.

    `likelihood` is the mean log probability of the right unit in held-out recordings, `accuracy` the part of the
    frames of synthetic speech by held-out voices that are right.
    """

    model: AcousticModel
    improved: bool
    agreed: int
    likelihood: tuple[float, float]
    accuracy: tuple[float, float]

    def with_card(self, **card: Any) -> Adapted:
        """The same with more on the model's card, and the figures."""
        figures = {"adapted_on_recordings": self.agreed, "held_out_log_probability": self.likelihood}
        return replace(self, model=replace(self.model, card={**self.model.card, **figures, **card}))


def adapt(
    model: AcousticModel,
    recordings: Sequence[Audio],
    listen: BuildRecogniser,
    other: Recogniser,
    synthetic: Synthetic,
    work: Path,
    *,
    rounds: int = ROUNDS,
    recipe: Recipe = FINE_TUNING,
    seed: int = 1,
    progress: Progress,
) -> Adapted:
    """Adapt `model` to recordings; `other` is the second opinion on what they say.

    A new model is kept only if it finds the held-out recordings likelier and still knows the synthetic voices.

    Raises:
        TrainingError: `too_little_speech`, where too few recordings are agreed on.
    """
    opinions = [_heard(other, audio) for audio in recordings]
    best, agreed = model, 0
    first: tuple[float, float] | None = None
    last = (0.0, 0.0)
    for number in range(rounds):
        learn, check = _agreed(best, recordings, opinions, listen, work)
        agreed = len(learn) + len(check)
        if agreed < LEAST_AGREED:
            raise TrainingError(
                "too_little_speech",
                f"Only {agreed} recordings are understood well enough; at least {LEAST_AGREED} are needed",
            )
        progress(f"round {number + 1} ({agreed} of {len(recordings)} recordings understood)", number, rounds)
        dice = np.random.default_rng([seed, 5, number])
        clips = [*synthetic.clips, *split_clips(surrounded(learn, COPIES, dice))]
        trained = fit(
            clips,
            synthetic.check,
            recipe,
            work,
            ("adapt", number, _digest(clips)),
            start=best,
            seed=seed,
            progress=progress,
        )
        held_out = split_clips(surrounded(check, 0, dice))
        before, after = _figures(best, held_out, synthetic.check), _figures(trained.model, held_out, synthetic.check)
        first, last = first or before, after
        if after[0] <= before[0] or after[1] < first[1] - MOST_FORGOTTEN:
            last = before
            break
        best = trained.model
    assert first is not None
    return Adapted(best, best is not model, agreed, (first[0], last[0]), (first[1], last[1]))


def _agreed(
    model: AcousticModel, recordings: Sequence[Audio], opinions: Sequence[str], listen: BuildRecogniser, work: Path
) -> tuple[list[SpokenClip], list[SpokenClip]]:
    """The recordings to learn from and those for the check, aligned, and UNSURE where the recognisers differ."""
    with closing(listen(model)) as recogniser:
        ours = [_heard(recogniser, audio).split() for audio in recordings]
    theirs = [text.split() for text in opinions]
    dictionary = work / "adapt.dict"
    work.mkdir(parents=True, exist_ok=True)
    dictionary.write_text("\n".join(dictionary_lines({word for words in theirs for word in words})) + "\n")
    aligner = Aligner(dictionary)
    learn: list[SpokenClip] = []
    check: list[SpokenClip] = []
    for index, audio in enumerate(recordings):
        sure = _shared(theirs[index], ours[index])
        if len(sure) < LEAST_SHARED * max(len(theirs[index]), len(ours[index]), 1):
            continue
        segments = aligner.align(audio.samples, " ".join(theirs[index]))
        if segments is not None:
            side = check if index % HELD_OUT_EACH == 0 else learn
            side.append((audio.samples, *_sure_labels(segments, sure, frame_count(len(audio.samples)))))
    return learn, check


def _shared(words: Sequence[str], others: Sequence[str]) -> set[int]:
    """The places in `words` at which the others say the same."""
    blocks = SequenceMatcher(None, words, others, autojunk=False).get_matching_blocks()
    return {place for block in blocks for place in range(block.a, block.a + block.size)}


def _sure_labels(
    segments: Sequence[Segment], sure: set[int], frames: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    phone, previous = labels(segments, frames)
    for segment in segments:
        if segment.word is not None and segment.word not in sure:
            phone[segment.start : segment.end] = UNSURE
    return phone, previous


def _digest(clips: Sequence[Clip]) -> str:
    content = hashlib.sha256()
    for clip in clips:
        content.update(clip.features.tobytes() + clip.phone.tobytes())
    return content.hexdigest()


def _heard(recogniser: Recogniser, audio: Audio) -> str:
    with closing(recogniser.open()) as stream:
        stream.feed(audio.pcm)
        return stream.finish().text


def _figures(model: AcousticModel, held_out: Sequence[Clip], check: Sequence[Clip]) -> tuple[float, float]:
    likelihood = np.concatenate([scores for scores, _ in _scores(model, held_out)]).mean()
    right = np.concatenate([hits for _, hits in _scores(model, check)]).mean()
    return float(likelihood), float(right)


def _scores(model: AcousticModel, clips: Sequence[Clip]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Of each clip, per output: the log probability of the right unit, and whether it is the likeliest."""
    table = unit_table(model.units)
    for clip in clips:
        found = model.log_posteriors(running_cmn(clip.features.astype(np.float32), model.cmn_mean))
        wanted = table[clip.previous, clip.phone][::3][: len(found)]
        known = np.flatnonzero(wanted != IGNORED)
        yield found[known, wanted[known]], found.argmax(axis=1)[known] == wanted[known]
