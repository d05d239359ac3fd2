"""Cues as a transcript: sorted, without overlaps, within the recording, each word once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from skills.media.captions.cue import Cue, Token
from skills.media.captions.repairs import Repairs
from skills.media.captions.rolling import unrolled
from skills.media.captions.transcript import Segment, Word, share_out

MS_A_CHARACTER = 80
"""How long a last cue without an end is taken to be; a little slower than people read aloud."""


def segments(cues: Sequence[Cue], duration_ms: int | None, repairs: Repairs) -> tuple[Segment, ...]:
    """Put right what a viewer would not be stopped by, and note it; empty where nothing is left."""
    ordered = _with_ends(_sorted(cues, repairs))
    inside = list(_inside(ordered, duration_ms, repairs))
    return tuple(_segment(cue, end_ms) for cue, end_ms in _apart(unrolled(inside, repairs), repairs))


def _sorted(cues: Sequence[Cue], repairs: Repairs) -> list[Cue]:
    latest = 0
    for cue in cues:
        if cue.start_ms < latest:
            repairs.note(cue.where, "out_of_order", "It begins before the cue before it, and is sorted in")
        latest = max(latest, cue.start_ms)
    return sorted(cues, key=lambda cue: cue.start_ms)


def _with_ends(cues: Sequence[Cue]) -> list[Cue]:
    """Whatever has no end lasts until the next one begins, the last one as long as it takes to say."""
    done: list[Cue] = []
    following: int | None = None
    later: int | None = None
    for cue in reversed(cues):
        if later is not None and later > cue.start_ms:
            following = later
        later = cue.start_ms
        if cue.end_ms is None:
            spoken_ms = cue.start_ms + MS_A_CHARACTER * max(1, len(cue.text))
            cue = replace(cue, end_ms=following if following is not None else spoken_ms)
        done.append(cue)
    return done[::-1]


def _inside(cues: Sequence[Cue], duration_ms: int | None, repairs: Repairs) -> Iterator[Cue]:
    """Cues with text that last, cut at the end of the recording; the same one twice is one."""
    seen: set[tuple[int, int | None, str, str]] = set()
    now = -1
    for cue in cues:
        if cue.start_ms != now:
            now, seen = cue.start_ms, set()
        key = (cue.start_ms, cue.end_ms, cue.speaker, cue.text)
        end_ms = cue.end_ms or 0
        if not cue.tokens:
            repairs.note(cue.where, "empty", "It has no text, and is left out")
        elif end_ms <= cue.start_ms:
            repairs.note(cue.where, "no_length", "It ends when it begins, or before, and is left out")
        elif duration_ms is not None and cue.start_ms >= duration_ms:
            repairs.note(cue.where, "past_end", "It begins after the recording has ended, and is left out")
        elif key in seen:
            repairs.note(cue.where, "twice", "It stands there twice")
        else:
            seen.add(key)
            if duration_ms is not None and end_ms > duration_ms:
                repairs.note(cue.where, "past_end", "It ends after the recording, and is cut")
                cue = replace(cue, end_ms=duration_ms)
            yield cue


def _apart(cues: Sequence[Cue], repairs: Repairs) -> Iterator[tuple[Cue, int]]:
    """Cues with ends that do not reach into the next one; those that begin together share the time by their length."""
    groups = [list(group) for _, group in groupby(cues, key=lambda cue: cue.start_ms)]
    starts = [group[0].start_ms for group in groups[1:]]
    for group, following in zip(groups, [*starts, None], strict=False):
        start_ms, end_ms = group[0].start_ms, max(cue.end_ms or 0 for cue in group)
        if following is not None and end_ms > following:
            repairs.note(group[-1].where, "overlap", "It reaches into the next one, and is cut")
            end_ms = following
        together = list(_one_voice(group)) if end_ms - start_ms >= len(group) else [_merged(group)]
        weights = [len(cue.text) for cue in together]
        for cue, (begin, end) in zip(together, share_out(start_ms, end_ms, weights), strict=True):
            if begin < end:
                yield replace(cue, start_ms=begin), end
            else:
                repairs.note(cue.where, "no_length", "There is no time left for it, and it is left out")


def _one_voice(group: Sequence[Cue]) -> Iterator[Cue]:
    """What one speaker says at once is one cue."""
    for _, same in groupby(group, key=lambda cue: cue.speaker):
        yield _merged(list(same))


def _merged(group: Sequence[Cue]) -> Cue:
    return replace(group[0], tokens=tuple(token for cue in group for token in cue.tokens))


def _segment(cue: Cue, end_ms: int) -> Segment:
    return Segment(cue.start_ms, end_ms, cue.speaker, cue.text, tuple(_words(cue.tokens, cue.start_ms, end_ms)))


def _words(tokens: Sequence[Token], start_ms: int, end_ms: int) -> Iterator[Word]:
    """Words with times where the cue has any: those between two timestamps share the time by their length."""
    runs: list[tuple[int, list[str]]] = []
    for token in tokens:
        now = runs[-1][0] if runs else start_ms
        begins = token.start_ms if token.start_ms is not None and now < token.start_ms < end_ms else now
        if runs and begins == now:
            runs[-1][1].append(token.text)
        else:
            runs.append((begins, [token.text]))
    if all(token.start_ms is None for token in tokens):
        return
    ends = [begins for begins, _ in runs[1:]] + [end_ms]
    for (begins, texts), ends_ms in zip(runs, ends, strict=True):
        for text, (start, end) in zip(texts, share_out(begins, ends_ms, [len(text) for text in texts]), strict=True):
            yield Word(text, start, end)
