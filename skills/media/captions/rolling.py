"""Captions that roll up or grow word by word, as text with every word once.

Live captions and those that video sites make themselves show the line before again, or the words so far, in every cue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from skills.media.captions.cue import Cue
from skills.media.captions.repairs import Repairs

MAX_GAP_MS = 150
"""Between a cue and the one that repeats it."""
LOOKED_BACK = 60
"""Words of the cue before; more than two lines hold."""
LEAST_REPEATS = 3


def unrolled(cues: Sequence[Cue], repairs: Repairs) -> list[Cue]:
    """The cues without what they repeat of the one before, if most of them do so; a refrain stays as it is."""
    repeated = [0, *(_repeated(before, cue) for before, cue in pairwise(cues))]
    rolling = sum(count > 0 for count in repeated)
    if rolling < LEAST_REPEATS or 2 * rolling < len(cues) - 1:
        return list(cues)
    repairs.note(cues[0].where, "rolling", f"{rolling} cues repeat the one before; every word is kept once")
    kept: list[Cue] = []
    for cue, count in zip(cues, repeated, strict=True):
        if rest := cue.tokens[count:]:
            kept.append(replace(cue, tokens=rest))
        elif kept and cue.end_ms is not None:
            kept[-1] = replace(kept[-1], end_ms=max(cue.end_ms, kept[-1].end_ms or 0))
    return kept


def _repeated(before: Cue, cue: Cue) -> int:
    """How many words at the beginning of `cue` are the last ones before it: a whole line or more, else none."""
    if cue.start_ms - (before.end_ms if before.end_ms is not None else cue.start_ms) > MAX_GAP_MS:
        return 0
    old = [token.text for token in before.tokens[-LOOKED_BACK:]]
    new = [token.text for token in cue.tokens[:LOOKED_BACK]]
    least = max(1, before.last_line)
    return next((count for count in range(min(len(old), len(new)), least - 1, -1) if old[-count:] == new[:count]), 0)
