"""How far an item is, for whoever waits for it: every step with its state, as plain facts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from skills.media.importing.options import Options
from skills.media.importing.plan import StepName, expected
from skills.media.shelf import Held


class State(StrEnum):
    """What a step is at."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


_ALWAYS = (StepName.FETCH, StepName.PROBE, StepName.LOUDNESS, StepName.PEAKS, StepName.CAPTIONS)
"""Steps that every recording is known to take before anybody has looked into it."""


@dataclass(frozen=True)
class Shown:
    """A step: `done_s` of the recording's `of_s` seconds have been worked at; a failure has a code and a sentence."""

    step: StepName
    state: State
    done_s: float = 0.0
    of_s: float | None = None
    code: str = ""
    message: str = ""


def progress(held: Held, options: Options, at: tuple[StepName, float] | None = None) -> list[Shown]:
    """The steps of an item that are done or to be done, in their order; `at` is the one that is being taken."""
    probe = held.steps.get(StepName.PROBE)
    of_s = probe.result["duration_ms"] / 1000 if probe and not probe.code else None
    shown = [_shown(name, held, options, at, of_s) for name in StepName]
    return [one for one in shown if one]


def _shown(
    name: StepName, held: Held, options: Options, at: tuple[StepName, float] | None, of_s: float | None
) -> Shown | None:
    if at and at[0] is name:
        return Shown(name, State.WORKING, at[1], of_s)
    now, done = expected(name, held, options), held.steps.get(name)
    if done and (not now or done.fingerprint == now):
        state = State.FAILED if done.code else State.DONE
        return Shown(name, state, 0.0, of_s, done.code, done.message)
    probe = held.steps.get(StepName.PROBE)
    is_coming = probe is None and name in _ALWAYS and not any(step.code for step in held.steps.values())
    return Shown(name, State.WAITING, 0.0, of_s) if now or is_coming else None
