"""The words a collection knows: its values, the names of its attributes, and which numbers occur in which field."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

import jellyfish

from search_index.filters import Range
from search_index.names import Names, sounded
from search_index.schema import Value
from search_index.understanding.language import SHADES, SPELT_ALIKE
from search_index.understanding.meanings import Brand, Colour, Flag, Meaning, Named, Price, Quantity, Rating, Released
from search_index.understanding.tokens import key, normal
from search_index.understanding.units import BY_NAME, UNITS, Unit

HEARD = 0.55
"""Likeness (see `names.Names`) from which a brand that was announced ("from tripp light") is taken for a known one."""
SOUNDS_LIKE, ANNOUNCED = 0.85, 0.7
"""Jaro-Winkler likeness of a word that sounds the same as a brand, where nobody announced one and where one was."""
_PLURALS = (
    ("ies", ("y", "ie")), ("ves", ("f", "fe", "ve")), ("sses", ("ss",)), ("ches", ("ch", "che")), ("shes", ("sh",)),
    ("xes", ("x", "xe")), ("oes", ("oe", "o")), ("ss", ()), ("us", ()), ("s", ("",)),
)  # fmt: skip
"""Endings of plurals, the longest first, with those that a singular may have."""
_COMPANY = "inc ltd gmbh corp corporation co company llc ag sa bv plc technology technologies electronics com"


@dataclass(frozen=True)
class Known:
    """What a phrase names: one value of a field in all its spellings, the most frequent first."""

    field: str
    values: tuple[str, ...]
    strict: bool = True
    certainty: float = 1.0


class Vocabulary:
    """Immutable. `values` gives, for every keyword and number field with a meaning, how many documents have each."""

    def __init__(self, meanings: Mapping[str, Meaning], values: Mapping[str, Mapping[Value, int]]) -> None:
        self.meanings = meanings
        self.price = self._first(Price)
        price = meanings.get(self.price or "")
        self.currency = price.currency if isinstance(price, Price) else ""
        self.rating = self._first(Rating)
        self.released = self._first(Released)
        self.brand = self._first(Brand)
        self.quantities: dict[str, Quantity] = {n: m for n, m in meanings.items() if isinstance(m, Quantity)}
        self.units = UNITS | dict(_own_units(self.quantities.values()))
        self.flags = {key(word): name for name, m in meanings.items() if isinstance(m, Flag) for word in m.words}
        self.attributes = self._attributes()
        self.known = self._known(values)
        self._numbers = {name: _Counts(values.get(name, {})) for name in self.quantities}
        self._brands = [str(value) for value in values.get(self.brand, {})] if self.brand else []
        self._names = Names(list(enumerate(self._brands)))
        self._by_sound: dict[str, str] = {}
        for name in self._brands:
            if len(key(name)) > 3 and name.isalpha():
                self._by_sound.setdefault(sounded(name), name)

    def named(self, name: str) -> Named:
        meaning = self.meanings[name]
        assert isinstance(meaning, Named)
        return meaning

    def unit_of(self, name: str) -> Unit:
        """The unit in which a quantity's field holds its numbers."""
        unit = self.quantities[name].unit
        return BY_NAME.get(unit) or self.units[unit]

    def having(self, condition: Range) -> int:
        """How many documents have a number that satisfies the condition in the field of a quantity."""
        counts = self._numbers.get(condition.field)
        return 0 if counts is None else counts.within(condition)

    def heard(self, words: str) -> tuple[str, float] | None:
        """The brand most like what was heard where one was announced, and how like it is."""
        best = self._names.similarities(words).best(1)
        if best and best[0][2] >= HEARD:
            return best[0][1], best[0][2]
        name = self.sounding(words, ANNOUNCED)
        return None if name is None else (name, HEARD)

    def sounding(self, word: str, alike: float = SOUNDS_LIKE) -> str | None:
        """The brand that sounds like a single word, and whose spelling is at least so `alike`."""
        if len(word) < 4 or not word.isalpha():
            return None
        name = self._by_sound.get(sounded(word))
        similar = name is not None and jellyfish.jaro_winkler_similarity(word, normal(name)) >= alike
        return name if similar else None

    def _first(self, kind: type[Meaning]) -> str | None:
        return next((name for name, meaning in self.meanings.items() if isinstance(meaning, kind)), None)

    def _attributes(self) -> dict[str, tuple[str, ...]]:
        """By the name of an attribute the fields that are called so."""
        found: dict[str, list[str]] = defaultdict(list)
        for name, meaning in self.meanings.items():
            match meaning:
                case Quantity(words=words):
                    called: tuple[str, ...] = words
                case Brand(word=word):
                    called = (word, f"{word}s", "brand", "maker", "manufacturer")
                case Colour(word=word):
                    called = (word, "colour", "color", "colours", "colors", "coloured", "colored")
                case Named(word=word):
                    called = (word, f"{word}s")
                case Rating():
                    called = ("rated", "rating", "ratings", "reviews", "review")
                case _:
                    called = ()
            for word in {key(one) for one in called}:
                found[word].append(name)
        return {word: tuple(names) for word, names in found.items()}

    def _known(self, values: Mapping[str, Mapping[Value, int]]) -> dict[str, tuple[Known, ...]]:
        """By phrase what it may name, brands first, then colours, then the other names, the strict ones first."""
        fields = [(name, meaning) for name, meaning in self.meanings.items() if isinstance(meaning, Named)]
        fields.sort(
            key=lambda item: (not isinstance(item[1], Brand), not isinstance(item[1], Colour), not item[1].strict)
        )
        found: dict[str, list[Known]] = defaultdict(list)
        for name, meaning in fields:
            for phrase, known in _phrases(name, meaning, values.get(name, {})).items():
                found[phrase].append(known)
        return {phrase: tuple(known) for phrase, known in found.items() if phrase}


def _phrases(name: str, meaning: Named, values: Mapping[Value, int]) -> dict[str, Known]:
    spellings: dict[str, list[str]] = defaultdict(list)
    for value in sorted(values, key=lambda one: -values[one]):
        spellings[key(str(value))].append(str(value))
    found = {phrase: Known(name, tuple(same), meaning.strict) for phrase, same in spellings.items()}
    more: dict[str, Known] = {}
    for phrase, known in found.items():
        for other in _otherwise(meaning, phrase, known.values[0]):
            more.setdefault(other, known)
    for alias, value in meaning.aliases.items():
        if (target := found.get(key(value))) is not None:
            more[key(alias)] = target
    if isinstance(meaning, Colour):
        for shade, plain in SHADES.items():
            if (target := found.get(plain) or more.get(plain)) is not None:
                more.setdefault(shade, Known(name, target.values, strict=False, certainty=0.5))
    return more | found


def _otherwise(meaning: Named, phrase: str, value: str) -> Iterator[str]:
    """Other ways to write or say a value."""
    words = normal(value).replace(".", " ").replace(",", " ").split()
    if isinstance(meaning, Brand) and len(words) > 1 and words[-1] in _COMPANY.split():
        yield key(" ".join(words[:-1]))
    if isinstance(meaning, Colour):
        for place, word in enumerate(words):
            for other in SPELT_ALIKE.get(word, ()):
                yield key(" ".join([*words[:place], other, *words[place + 1 :]]))
    if not meaning.strict:
        yield from _in_other_number(phrase)


def _in_other_number(phrase: str) -> Iterator[str]:
    """The plural of a name, and the singular of what may be one: "dresses" of "dress", "knife" of "knives"."""
    yield f"{phrase}s"
    if phrase.endswith(("s", "x", "ch", "sh")):
        yield f"{phrase}es"
    if phrase.endswith("y"):
        yield f"{phrase[:-1]}ies"
    for ending, singulars in _PLURALS:
        if phrase.endswith(ending) and len(phrase) > len(ending) + 1:
            yield from (f"{phrase.removesuffix(ending)}{one}" for one in singulars)
            break


def _own_units(quantities: Iterable[Quantity]) -> Iterator[tuple[str, Unit]]:
    """Units that nobody converts: pages, cores, ports."""
    for quantity in quantities:
        if quantity.unit not in BY_NAME and quantity.unit not in UNITS:
            unit = Unit(quantity.unit, quantity.unit, 1.0)
            singular = quantity.unit.removesuffix("s")
            yield from ((word, unit) for word in (quantity.unit, singular, f"{singular}s"))


class _Counts:
    """How many documents have a number in a range, in logarithmic time."""

    def __init__(self, counts: Mapping[Value, int]) -> None:
        pairs = sorted((float(value), times) for value, times in counts.items() if isinstance(value, int | float))
        self._values = [value for value, _ in pairs]
        self._before = [0, *accumulate(times for _, times in pairs)]

    def within(self, condition: Range) -> int:
        first, last = 0, len(self._values)
        if condition.minimum is not None:
            first = bisect_left(self._values, condition.minimum)
        if condition.above is not None:
            first = bisect_right(self._values, condition.above)
        if condition.maximum is not None:
            last = bisect_right(self._values, condition.maximum)
        if condition.below is not None:
            last = bisect_left(self._values, condition.below)
        return max(0, self._before[last] - self._before[first])
