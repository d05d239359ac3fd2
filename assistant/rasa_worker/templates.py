"""Expands the carrier phrases and fillers of `nlu_data` into training examples, the same ones every time.

Names of things are an open vocabulary: the extractor must learn where a name stands, not which names there are. So the
repository holds carriers ("find me a {kind} about {topic}") and fillers, and this module multiplies them.

Carriers (`nlu_data/templates/INTENT.txt`) and fillers (`nlu_data/fillers/NAME.txt`) hold one phrase a line; `#` starts
a comment. In both, `(a|b|)` is a choice and `<list>` a filler of that list. In a carrier, `{entity}` is a filler
annotated as that entity, and `{entity:list}` takes it from another list. In a filler file `phrase = value` gives the
phrase a value of its own ("episode = podcast"). A carrier that is there twice gives twice the examples; a file of
carriers may begin with `examples: 4`, so many of each instead of `EXAMPLES_PER_CARRIER`. Imports only the standard
library.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

EXAMPLES_PER_CARRIER = 7
_OPENING_SHARE, _CLOSING_SHARE, _TYPED_SHARE = 0.12, 0.10, 0.08
_DEEPEST = 8
_EXAMPLES = re.compile(r"examples: (\d+)")

_CHOICE = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
_FILLER = re.compile(r"<(\w+)>")
_ENTITY = re.compile(r"\{(\w+)(?::(\w+))?\}")


class TemplateError(ValueError):
    """A template or filler file is wrong; the message names the file and the phrase."""


@dataclass(frozen=True)
class Span:
    """An annotated stretch of an example; `value` is None where the text is the value."""

    start: int
    end: int
    entity: str
    value: str | None


@dataclass(frozen=True)
class Example:
    """One training sentence of an intent."""

    intent: str
    text: str
    spans: tuple[Span, ...]

    def annotated(self) -> str:
        """The sentence in Rasa's notation: `find [salt](topic)`."""
        parts, at = [], 0
        for span in self.spans:
            phrase = self.text[span.start : span.end]
            mark = (
                f"({span.entity})" if span.value is None else f'{{"entity": "{span.entity}", "value": "{span.value}"}}'
            )
            parts += [self.text[at : span.start], f"[{phrase}]{mark}"]
            at = span.end
        return "".join(parts) + self.text[at:]


@dataclass(frozen=True)
class Phrases:
    """A filler list: phrases, and the values of those that have one."""

    phrases: tuple[str, ...]
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Templates:
    """The carriers of each intent and the filler lists they name."""

    carriers: dict[str, tuple[str, ...]]
    fillers: dict[str, Phrases]
    examples_each: dict[str, int] = field(default_factory=dict)
    """Of the intents whose carriers have not `EXAMPLES_PER_CARRIER`."""

    @classmethod
    def load(cls, root: Path) -> Templates:
        """Read `root/templates` and `root/fillers`; raises TemplateError for an unknown list or an empty file."""
        carriers = {path.stem: _lines(path) for path in sorted((root / "templates").glob("*.txt"))}
        fillers = {path.stem: _phrases(path) for path in sorted((root / "fillers").glob("*.txt"))}
        examples_each = {}
        for intent, (first, *rest) in carriers.items():
            if found := _EXAMPLES.fullmatch(first):
                examples_each[intent] = int(found[1])
                carriers[intent] = tuple(rest)
        templates = cls(carriers, fillers, examples_each)
        templates._check()
        return templates

    def examples(self) -> list[Example]:
        """Every example, without doubles; the same for the same files, and stable where another carrier changes."""
        found: dict[str, Example] = {}
        for intent, carriers in self.carriers.items():
            each = self.examples_each.get(intent, EXAMPLES_PER_CARRIER)
            for carrier, times in Counter(carriers).items():
                chance = random.Random(f"{intent}\n{carrier}")  # noqa: S311 - variety, not secrecy
                for _ in range(each * times):
                    example = self._expand(intent, carrier, chance)
                    found.setdefault(example.text, example)
        return list(found.values())

    def values(self) -> dict[str, dict[str, str]]:
        """For each entity the phrases, in lower case, that have a value of their own."""
        found: dict[str, dict[str, str]] = {}
        for carrier in (one for group in self.carriers.values() for one in group):
            for place in _ENTITY.finditer(carrier):
                values = self.fillers[place[2] or place[1]].values
                if values:
                    found.setdefault(place[1], {}).update((phrase.lower(), value) for phrase, value in values.items())
        return found

    def _expand(self, intent: str, carrier: str, chance: random.Random) -> Example:
        carrier = self._plain(carrier, chance)
        if chance.random() < _OPENING_SHARE:
            carrier = f"{chance.choice(self.fillers['opening'].phrases)} {carrier}"
        if chance.random() < _CLOSING_SHARE and not carrier.endswith("please"):
            carrier = f"{carrier} {chance.choice(self.fillers['closing'].phrases)}"
        typed = chance.random() < _TYPED_SHARE
        text, spans = self._fill(carrier, chance, str.title if typed and chance.random() < 0.5 else str)
        if typed:
            text = text[0].upper() + text[1:] + chance.choice((".", "?", "!", ""))
        return Example(intent, text, spans)

    def _fill(self, carrier: str, chance: random.Random, case: Callable[[str], str]) -> tuple[str, tuple[Span, ...]]:
        """Put a filler in each entity's place; `case` writes names as they are typed or as they are heard."""
        text, spans, at = "", [], 0
        for place in _ENTITY.finditer(carrier):
            entity, source = place[1], self.fillers[place[2] or place[1]]
            phrase = self._plain(chance.choice(source.phrases), chance)
            value = source.values.get(phrase)
            written = phrase if source.values else case(phrase)
            text += carrier[at : place.start()]
            spans.append(Span(len(text), len(text) + len(written), entity, value))
            text += written
            at = place.end()
        return text + carrier[at:], tuple(spans)

    def _plain(self, phrase: str, chance: random.Random) -> str:
        """Settle the choices and the fillers that are not annotated."""
        for _ in range(_DEEPEST):
            settled = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), phrase)
            settled = _FILLER.sub(lambda found: chance.choice(self.fillers[found[1]].phrases), settled)
            if settled == phrase:
                return " ".join(phrase.split()).replace("the the ", "the ")
            phrase = settled
        raise TemplateError(f"fillers name each other in a circle: {phrase!r}")

    def _check(self) -> None:
        phrases = [(f"templates/{name}.txt", line) for name, lines in self.carriers.items() for line in lines]
        phrases += [(f"fillers/{name}.txt", line) for name, filler in self.fillers.items() for line in filler.phrases]
        for file, phrase in phrases:
            named = [found[1] for found in _FILLER.finditer(phrase)]
            named += [found[2] or found[1] for found in _ENTITY.finditer(phrase)]
            for name in named:
                if name not in self.fillers:
                    raise TemplateError(
                        f"{file}: {phrase!r} names the list {name!r}, and there is no fillers/{name}.txt"
                    )
            if any(bracket in _ENTITY.sub("", _FILLER.sub("", _CHOICE.sub("", phrase))) for bracket in "{}<>()[]"):
                raise TemplateError(f"{file}: {phrase!r} has a bracket that is not closed or not understood")


def _lines(path: Path) -> tuple[str, ...]:
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    kept = tuple(line for line in lines if line and not line.startswith("#"))
    if not kept:
        raise TemplateError(f"{path} holds no phrase")
    return kept


def _phrases(path: Path) -> Phrases:
    pairs = [tuple(part.strip() for part in line.split(" = ", 1)) for line in _lines(path)]
    values = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    return Phrases(tuple(pair[0] for pair in pairs), values)
