"""How often a speaker who pauses is cut off, against how long everybody waits when they are done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise

from benchmarks.benchmark import Benchmark, Workplace, need_speech
from benchmarks.coffee import load_coffee
from benchmarks.ears import our_ear, pocketsphinx_ear, product_phrasing, product_vocabulary
from benchmarks.paused_turns import Turn, hear_all, splice_all
from benchmarks.pauses import LONGEST_MS, MOST_PAUSES, SHORTEST_MS
from benchmarks.replay import replay
from benchmarks.report import Cell, Findings, Table, aim, percentile, rate
from benchmarks.utterances import REQUESTS
from benchmarks.voices import held_out, speak_in_turn
from voice.audio import Audio
from voice.completeness import Completeness, SentenceEnds
from voice.end_of_turn import EndOfTurnOptions
from voice.phrasing import Phrasing
from voice.recogniser import Vocabulary

ROUNDS = 2
"""Times that every recording is spliced, at other places."""
SCALES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0, 2.5, 3.0)
FIXED_MS = (200, 300, 400, 500, 600, 700, 800, 900, 1_000, 1_200)
ALLOWED = 0.05
AIM_MS = 550.0
FOREVER_MS = 3_600_000

ABOUT = f"""
Recordings with pauses spliced in: every recording {ROUNDS} times, each time with one to {MOST_PAUSES} pauses at
boundaries between its words (as pocketsphinx recognised them, cut at the quietest place within 50 ms), drawn evenly;
their lengths between {SHORTEST_MS} and {LONGEST_MS} ms, evenly on a logarithmic scale; in the pause and after the end
the recording's own quietest 200 ms go on. People: the coffee orders. Synthetic: {len(REQUESTS)} requests for media in
voices that were not in the acoustic model's training. A turn found to be over before its last word was said is a false
cut-off; otherwise the delay is the time from the end of the last word to the end of the turn, in time of the sound, to
which some milliseconds of work come. Voice activity and our recogniser's partial results are those of one real run; the
product's own listener is then played with all its silence timers scaled together, and, as the peer, with one fixed
silence and no idea of what a whole sentence is. Everything is decided by turns, with 95 % confidence intervals.
"""


@dataclass(frozen=True)
class Outcome:
    """Of one setting: turns, how many were cut off, and the delays of the others."""

    turns: int
    cut_off: int
    delays_ms: tuple[int, ...]

    @property
    def mean_ms(self) -> float:
        """Of the turns that were not cut off."""
        return sum(self.delays_ms) / max(1, len(self.delays_ms))


def run(place: Workplace) -> Findings:
    coffee = load_coffee(need_speech())
    language = place.kept / "language"
    kept = place.kept / "turns"
    endless = replace(fixed_silence(FOREVER_MS), no_speech_ms=FOREVER_MS, max_turn_ms=FOREVER_MS)
    tables: list[Table] = []
    remarks: list[str] = []
    orders = [order.audio for order in coffee.orders]
    requests = speak_in_turn(REQUESTS, held_out())
    sets: Mapping[str, tuple[list[Audio], Vocabulary, Phrasing]] = {
        "people, coffee orders": (orders, coffee.vocabulary, Phrasing(coffee.vocabulary.sentences)),
        "synthetic, requests for media": (requests, product_vocabulary(), product_phrasing()),
    }
    for name, (sounds, vocabulary, phrasing) in sets.items():
        place.say(f"{name}: splicing and hearing")
        spoken = splice_all(sounds, pocketsphinx_ear(vocabulary, language), ROUNDS, kept)
        turns = hear_all(spoken, our_ear(vocabulary, language), endless, kept)
        place.say(f"{name}: {len(turns)} turns, {len(SCALES) + len(FIXED_MS)} settings")
        ours = {scale: _try(turns, scaled(scale), SentenceEnds(phrasing)) for scale in SCALES}
        fixed = {silence: _try(turns, fixed_silence(silence), None) for silence in FIXED_MS}
        rows = [
            *(_row(f"ours, timers x {scale:g}", outcome) for scale, outcome in ours.items()),
            *(_row(f"fixed silence, {silence} ms", outcome) for silence, outcome in fixed.items()),
        ]
        tables.append(Table((name, "turns", "cut off, %", "mean delay, ms", "p50 ms", "p95 ms"), tuple(rows)))
        remarks += _verdicts(name, list(ours.values()), list(fixed.values()))
    remarks.append(
        "Published by others, on data of their own and so not to be compared number by number: LiveKit's turn model "
        "543 ms and Deepgram Flux 1,151 ms at 5 % false cut-offs."
    )
    return Findings(tuple(tables), tuple(remarks))


def scaled(scale: float) -> EndOfTurnOptions:
    """The product's timers with every silence so many times as long."""
    usual = EndOfTurnOptions()
    return replace(usual, **{name: round(getattr(usual, name) * scale) for name in (*_silences(), "pause_scale_ms")})


def fixed_silence(milliseconds: int) -> EndOfTurnOptions:
    """One silence ends every turn, whatever was said."""
    return replace(EndOfTurnOptions(), **dict.fromkeys(_silences(), milliseconds))


def _silences() -> list[str]:
    return [one.name for one in fields(EndOfTurnOptions) if one.name.endswith("_silence_ms")]


def delay_at(allowed: float, curve: Sequence[Outcome]) -> float | None:
    """The mean delay where the curve crosses this rate of cut-offs, straight between its points; None if nowhere.

    A point that another one beats in both is not on the curve.
    """
    points = sorted((one.cut_off / one.turns, one.mean_ms) for one in curve)
    best = [point for number, point in enumerate(points) if all(point[1] < other[1] for other in points[:number])]
    for (low, slow), (high, fast) in pairwise(best):
        if low <= allowed <= high:
            return slow + (fast - slow) * (allowed - low) / (high - low)
    return None


def _try(turns: Sequence[Turn], options: EndOfTurnOptions, completeness: Completeness | None) -> Outcome:
    ends = [replay(turn.track, options, completeness) for turn in turns]
    delays = [end.heard_ms - turn.speech_end_ms for turn, end in zip(turns, ends, strict=True) if end is not None]
    whole = tuple(delay for delay in delays if delay >= 0)
    return Outcome(len(turns), len(delays) - len(whole), whole)


def _row(name: str, outcome: Outcome) -> tuple[Cell, ...]:
    p50, p95 = (percentile(outcome.delays_ms, percent) for percent in (50, 95))
    return (name, outcome.turns, rate(outcome.cut_off, outcome.turns), outcome.mean_ms, p50, p95)


def _verdicts(name: str, ours: Sequence[Outcome], fixed: Sequence[Outcome]) -> Iterator[str]:
    for who, curve in (("ours", ours), ("a fixed silence", fixed)):
        delay = delay_at(ALLOWED, curve)
        if delay is None:
            yield f"{name}: the curve of {who} does not cross 5 % false cut-offs."
        elif who == "ours":
            yield aim(f"{name}: mean delay at 5 % false cut-offs", delay, AIM_MS, "ms")
        else:
            yield f"{name}: {who} takes {delay:.0f} ms at 5 % false cut-offs."


BENCHMARK = Benchmark("end_of_turn", "The end of a turn", ABOUT, run)
