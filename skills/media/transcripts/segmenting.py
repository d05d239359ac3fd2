"""Recognised words with their times, cut into sentences and written as people write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from skills.media.captions import Segment, Transcript, Word
from skills.media.transcripts.names import Names
from skills.media.transcripts.numbers import written_number
from skills.media.transcripts.questions import is_question
from skills.media.transcripts.sentence_ends import sentence_ends
from voice.recogniser import Word as Recognised

BREAK_MS = 1_500
"""A pause that parts segments even within a sentence."""
MAX_SEGMENT_MS = 15_000
MAX_SEGMENT_TEXT = 240
"""Characters; a longer sentence is cut at its longest pause."""
COMMA_MS = 350
"""A pause inside a sentence that is written as a comma."""


def readable(words: Sequence[Recognised], names: Names | None = None, language: str = "en") -> Transcript:
    """The transcript of recognised words, lower case and in order of time: a segment for each sentence.

    A segment begins when its first word begins and ends when its last one does. Sentence ends, questions and numbers
    are those of English; `names` give the capitals. Words that do not last are left out, overlaps are cut.
    """
    names = names or Names()
    spoken = list(_apart(words))
    sentences = _sentences(spoken)
    segments = [segment for sentence in sentences for segment in _segments(sentence, names)]
    return Transcript(tuple(segments), language)


def _apart(words: Sequence[Recognised]) -> Iterator[Recognised]:
    """Words with text, each of which begins when the one before has ended, or later."""
    now = 0
    for word in sorted(words, key=lambda word: word.start_ms):
        text, start_ms = "".join(word.text.split()).lower(), max(now, word.start_ms)
        if text and word.end_ms > start_ms:
            yield Recognised(text, start_ms, word.end_ms, word.confidence)
            now = word.end_ms


def _sentences(words: Sequence[Recognised]) -> Iterator[list[Recognised]]:
    pauses = [later.start_ms - word.end_ms for word, later in pairwise(words)] + [0]
    sentence: list[Recognised] = []
    for word, is_end in zip(words, sentence_ends([word.text for word in words], pauses), strict=True):
        sentence.append(word)
        if is_end:
            yield sentence
            sentence = []


def _segments(sentence: Sequence[Recognised], names: Names) -> Iterator[Segment]:
    """A sentence as one segment, or several where it is long or pauses long."""
    words = _written(sentence, names)
    mark = "?" if is_question([word.text for word in sentence]) else "."
    words[-1] = _with_mark(words[-1], mark)
    for part in _parts(words):
        text = " ".join(word.text for word in part)
        yield Segment(part[0].start_ms, part[-1].end_ms, "", text, tuple(part))


def _written(sentence: Sequence[Recognised], names: Names) -> list[Word]:
    """The words as they are written, several spoken ones being one where they are a number."""
    spoken = [word.text for word in sentence]
    named = names.written(spoken)
    words: list[Word] = []
    at = 0
    while at < len(sentence):
        number = written_number(spoken, at)
        part = sentence[at : at + number.words]
        text = number.text if number.text != spoken[at] else named[at]
        is_paused = words and part[0].start_ms - words[-1].end_ms >= COMMA_MS
        if is_paused or (words and spoken[at] == "but"):
            words[-1] = _with_mark(words[-1], ",")
        words.append(Word(text, part[0].start_ms, part[-1].end_ms, min(word.confidence for word in part)))
        at += number.words
    first = words[0]
    words[0] = Word(first.text[:1].upper() + first.text[1:], first.start_ms, first.end_ms, first.confidence)
    return words


def _with_mark(word: Word, mark: str) -> Word:
    return Word(word.text + mark, word.start_ms, word.end_ms, word.confidence)


def _parts(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Cut at pauses, the longest first, until no part is too long or pauses too long."""
    waiting = [words]
    while waiting:
        part = waiting.pop()
        pauses = [later.start_ms - word.end_ms for word, later in pairwise(part)]
        longest = max(pauses, default=0)
        is_long = (
            part[-1].end_ms - part[0].start_ms > MAX_SEGMENT_MS or sum(len(w.text) + 1 for w in part) > MAX_SEGMENT_TEXT
        )
        if not pauses or not (is_long or longest >= BREAK_MS):
            yield part
            continue
        middle = len(pauses) / 2  # among equal pauses the one in the middle
        cut = max(range(len(pauses)), key=lambda at: (pauses[at], -abs(at + 1 - middle))) + 1
        waiting += [part[cut:], part[:cut]]
