"""How many words a finished model gets wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from voice.recogniser import Recogniser
from voice.training.data import Data
from voice.training.shards import read_arrays
from voice.training.speech import NO_TEXT, clips_of


def spoken_texts(data: Data) -> Iterator[tuple[bytes, str]]:
    """The clips of some data, as PCM, and what each says: nothing where it holds no speech."""
    for file, texts in zip(data.speech, data.texts, strict=True):
        shard = read_arrays(file)
        for (samples, _, _), text in zip(clips_of(shard), shard["text"], strict=True):
            yield samples.tobytes(), "" if text == NO_TEXT else texts[text]


def word_error_rate(recogniser: Recogniser, clips: Iterable[tuple[bytes, str]]) -> float:
    """Words put in, left out or mistaken, for each word that was said (Levenshtein)."""
    wrong = said = 0
    for pcm, text in clips:
        with closing(recogniser.open()) as stream:
            stream.feed(pcm)
            heard = stream.finish().text.split()
        wrong += edits(text.split(), heard)
        said += len(text.split())
    return wrong / max(1, said)


def edits(wanted: Sequence[str], heard: Sequence[str]) -> int:
    """Words to insert, delete or replace."""
    costs = list(range(len(heard) + 1))
    for row, word in enumerate(wanted, start=1):
        diagonal, costs[0] = costs[0], row
        for column, other in enumerate(heard, start=1):
            diagonal, costs[column] = (
                costs[column],
                min(costs[column] + 1, costs[column - 1] + 1, diagonal + (word != other)),
            )
    return costs[-1]
