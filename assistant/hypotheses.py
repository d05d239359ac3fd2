"""Which reading of an utterance is taken: by how it sounds, what it means and what there is. Pure.

A recogniser hears one utterance as several readings. Each gets a utility from its acoustic share, from how sure the
understanding is of it, and from how well it fits what there is; so has the possibility that none of it was meant for
us. A conditional logit (McFadden, "Conditional logit analysis of qualitative choice behavior", 1974) makes
probabilities of them. Readings with the same outcome add up, since between them there is nothing to choose.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, field
from enum import StrEnum

from skills.skill import Grounding, Understanding

OVERHEARD = "overheard"
"""Intent, and outcome, of what is no request at all: a reading of it speaks for none of them."""

NO_REQUEST = frozenset({"nlu_fallback", OVERHEARD})
"""Intents in which no request was understood, however sure of that the understanding is."""

OUT_OF_DOMAIN = NO_REQUEST | {"out_of_scope"}
"""Intents of what the house cannot do, and outcomes where nothing of the catalogue is named either."""

MIN_ACOUSTIC = 1e-3
"""Shares below are all alike: how improbable a bad reading is says nothing about the good ones."""


@dataclass(frozen=True)
class Weights:
    """Utilities, fitted by `benchmarks/choosing.py`; docs/decisions/0014 has the data and the figures."""

    acoustic: float = 1.9
    """Per unit of the log of a reading's share."""
    understanding: float = 1.68
    """From a request that was not understood at all to one that surely was."""
    names: float = -0.01
    """For naming something, before it is known whether there is such a thing."""
    fit: float = 1.69
    """From nothing like it to exactly that."""
    out_of_domain: float = -0.17
    """For something the house cannot do."""
    none: float = -0.93
    """That none of it was meant for us, where every word was a known one."""
    unknown: float = 5.48
    """The same, from no to all of the speech being unlike any known word."""


FITTED = Weights()

ASK_RATIO = 0.5
"""A rival at least this probable beside the best is asked about: acting wrongly costs a correction and a second try,
twice what a question costs.
"""


@dataclass(frozen=True)
class Candidate:
    """One reading: its share of the recogniser's belief (0 to 1), what it means, and what it would come to."""

    text: str
    acoustic: float
    understanding: Understanding
    grounding: Grounding

    @property
    def is_ours(self) -> bool:
        """Whether it is something the house can do."""
        return self.grounding.meant not in OUT_OF_DOMAIN


class Decision(StrEnum):
    """What follows from the readings."""

    ACCEPT = "accept"
    ASK = "ask"
    REJECT = "reject"


@dataclass(frozen=True)
class Weighed:
    """A reading with its utility and its probability."""

    candidate: Candidate
    utility: float
    probability: float


@dataclass(frozen=True)
class Choice:
    """The decision, and everything that led to it."""

    decision: Decision
    readings: tuple[Weighed, ...]
    """Best first."""
    none: float
    """How probable it is that none of it was meant for us."""
    margin: float
    """By how much the outcome decided on is more probable than the next."""
    rival: Candidate | None = field(default=None)
    """The best reading of another outcome, where it has to be asked about."""

    @property
    def winner(self) -> Candidate:
        """The best reading."""
        return self.readings[0].candidate


def choose(candidates: Sequence[Candidate], unknown: float = 0.0, weights: Weights = FITTED) -> Choice:
    """Choose among at least one reading; `unknown` is the share (0 to 1) of the speech that no known word fits."""
    utilities = [utility(candidate, weights) for candidate in candidates]
    none = weights.none + weights.unknown * unknown
    top = max(*utilities, none)
    powers = [math.exp(one - top) for one in utilities]
    whole = math.fsum([*powers, math.exp(none - top)])
    readings = sorted(
        (
            Weighed(candidate, one, power / whole)
            for candidate, one, power in zip(candidates, utilities, powers, strict=True)
        ),
        key=lambda weighed: -weighed.utility,
    )
    return _decide(readings, math.exp(none - top) / whole)


def settles(first: Candidate, other: float, unknown: float = 0.0, weights: Weights = FITTED) -> bool:
    """Whether `first` is accepted beside another reading with the acoustic share `other`, whatever that may mean."""
    understood = Understanding(text="", intent="", confidence=1.0)
    imagined = Candidate("", other, understood, Grounding("imagined", 1.0))
    choice = choose([first, imagined], unknown, weights)
    return choice.decision is Decision.ACCEPT and choice.winner is first


def features(candidate: Candidate) -> tuple[float, ...]:
    """What a reading's utility is made of, one number for each of the first five `Weights`, in their order."""
    understanding, fit = candidate.understanding, candidate.grounding.fit
    return (
        math.log(max(candidate.acoustic, MIN_ACOUSTIC)),
        0.0 if understanding.intent in NO_REQUEST else understanding.confidence,
        0.0 if fit is None else 1.0,
        fit or 0.0,
        0.0 if candidate.is_ours else 1.0,
    )


def utility(candidate: Candidate, weights: Weights = FITTED) -> float:
    """How much speaks for a reading."""
    return math.fsum(weight * one for weight, one in zip(astuple(weights), features(candidate), strict=False))


def _decide(readings: Sequence[Weighed], none: float) -> Choice:
    outcomes: dict[str, list[Weighed]] = {}
    for weighed in readings:
        outcomes.setdefault(weighed.candidate.grounding.meant, []).append(weighed)
    none += _sum(outcomes.pop(OVERHEARD, ()))
    ranked = sorted(((_sum(group), group) for group in outcomes.values()), key=lambda entry: -entry[0])
    if not ranked or none >= ranked[0][0]:
        return Choice(Decision.REJECT, tuple(readings), none, none - (ranked[0][0] if ranked else 0.0))
    (probability, best), following = ranked[0], ranked[1:]
    ordered = (best[0], *(weighed for weighed in readings if weighed is not best[0]))
    margin = probability - max([none, *(one for one, _ in following)])
    for other, group in following:
        rival = group[0].candidate
        if other >= ASK_RATIO * probability and other > none and _can_be_asked(best[0].candidate, rival):
            return Choice(Decision.ASK, ordered, none, margin, rival)
    return Choice(Decision.ACCEPT, ordered, none, margin)


def _sum(group: Iterable[Weighed]) -> float:
    return math.fsum(weighed.probability for weighed in group)


def _can_be_asked(winner: Candidate, rival: Candidate) -> bool:
    """Whether both are something that can be done: nobody means what there is not."""
    return all(one.is_ours and one.grounding.fit != 0.0 for one in (winner, rival))
