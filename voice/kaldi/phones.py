"""The phones of a decoding graph: the acoustic model's units, each in four positions of a word.

Kaldi finds where words begin and end by the position of their phones, so a unit is four phones that share one
probability density. Every phone is one state that may be repeated; its transition probabilities of one half would
add the same to every path, and so appear in the model but not in the graph.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cached_property

SILENCE = "SIL"
SILENCE_PHONE = 1
BEGIN, INSIDE, END, SINGLE = "_B", "_I", "_E", "_S"
_BOUNDARY = {BEGIN: "begin", INSIDE: "internal", END: "end", SINGLE: "singleton"}


@dataclass(frozen=True)
class PhoneTable:
    """Kaldi's phones for `units`, of which the first is silence; phone ids count from 1."""

    units: tuple[str, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The name of phone i + 1. A unit with a left context (`T-AA`) never begins a word."""
        return (
            SILENCE,
            *(
                unit + position
                for unit in self.units[1:]
                for position in ((INSIDE, END) if "-" in unit else (BEGIN, INSIDE, END, SINGLE))
            ),
        )

    @property
    def phones(self) -> tuple[str, ...]:
        """The phones themselves, without silence, contexts and positions."""
        return tuple(unit for unit in self.units[1:] if "-" not in unit)

    @cached_property
    def ids(self) -> dict[str, int]:
        return {name: index for index, name in enumerate(self.names, start=1)}

    @cached_property
    def densities(self) -> tuple[int, ...]:
        """The index of the unit of phone i + 1, which is its probability density function."""
        index = {unit: number for number, unit in enumerate(self.units)}
        return (0, *(index[name[:-2]] for name in self.names[1:]))

    def boundaries(self) -> str:
        """The lines of `word_boundary.int`."""
        return "".join(f"{phone} {_BOUNDARY.get(name[-2:], 'nonword')}\n" for name, phone in self.ids.items())


def again(phone: int) -> int:
    """The transition id of staying in a phone."""
    return 2 * phone - 1


def enter(phone: int) -> int:
    """The transition id of a phone's first frame. Kaldi counts the transition that leaves a state with its frame."""
    return 2 * phone


def spell(phones: Sequence[str], known: Container[str]) -> list[str]:
    """The names of a word's phones: each in its position, and with its left neighbour where that is `known`.

    Raises KeyError for a phone that is not known at all.
    """
    last = len(phones) - 1
    return [
        phone_name(phone, phones[index - 1] if index else "", last=index == last, known=known)
        for index, phone in enumerate(phones)
    ]


def phone_name(phone: str, before: str, *, last: bool, known: Container[str]) -> str:
    """The name of a phone in a word, after the phone `before` if it is not the first."""
    if not before:
        alone = phone + (SINGLE if last else BEGIN)
    else:
        alone = phone + (END if last else INSIDE)
        if (in_context := f"{before}-{alone}") in known:
            return in_context
    if alone not in known:
        raise KeyError(phone)
    return alone
