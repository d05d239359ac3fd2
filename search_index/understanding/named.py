"""Values, flags and what is ruled out: "a red one by Sony", "with wifi", "anything but Apple"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search_index.filters import And, AnyOf, Equals, Exists, Filter, Not
from search_index.understanding.language import (
    AFTER_NEGATOR,
    ALTERNATIVES,
    ANY,
    ARTICLES,
    BUT,
    FOR,
    LINKS,
    MAKERS,
    NEGATORS,
    SEEKING,
    Operator,
)
from search_index.understanding.meanings import Brand, Flag
from search_index.understanding.reading import Reading, is_text, skip
from search_index.understanding.tokens import Token, longest
from search_index.understanding.understood import Constraint
from search_index.understanding.vocabulary import Known, Vocabulary

_BETWEEN_ALTERNATIVES = {"or", "and", "in", "from", "by"}
_BETWEEN_EXCLUDED = _BETWEEN_ALTERNATIVES | {"nor", "not", "no"}
MAX_ALTERNATIVES = 10


@dataclass(frozen=True)
class _Cue:
    """How a value was introduced: as a maker's ("by"), by the name of its field, by "in"."""

    maker: bool = False
    fields: tuple[str, ...] = ()
    inside: bool = False

    @property
    def any(self) -> bool:
        return self.maker or bool(self.fields) or self.inside


def read_named(tokens: Sequence[Token], start: int, free: int, vocabulary: Vocabulary) -> Reading | None:
    """The value, flag or exclusion that begins at token `start`; the constraint before it ends at `free`."""
    negated, place = _negator(tokens, start)
    after = skip(tokens, place, {"with", "has", "a", "any", "built", "in"}, 3)
    flag = longest(vocabulary.flags, tokens, place) or longest(vocabulary.flags, tokens, after)
    # "Insulated" is a flag, "insulated jackets" are a category.
    longer = max(_end(vocabulary, tokens, place), _end(vocabulary, tokens, after))
    if flag is not None and flag[1] >= longer:
        return _flag(tokens, start, flag[1], flag[0], not negated, vocabulary)
    if negated and (without := _free_of(tokens, place, vocabulary)) is not None:
        return Reading(
            without[1], (_constraint(tokens, start, without[1], [without[0]], Operator.IS, True, vocabulary),)
        )
    cue, place = _cue(tokens, place, vocabulary)
    found = _value(tokens, place, cue, negated, vocabulary)
    if found is None:
        return None
    known, end = found
    if not negated and not cue.any and _is_for(tokens, start, end, free, known, vocabulary):
        return Reading(_listed(tokens, end, known, False, vocabulary)[1])
    others, end = _listed(tokens, end, known, negated, vocabulary)
    strict = known.strict or negated or bool(cue.fields)
    operator = Operator.NOT if negated else Operator.IS
    constraint = _constraint(tokens, start, end, [known, *others], operator, strict, vocabulary)
    if negated and not cue.any:
        constraint = _everywhere(constraint, tokens, place, vocabulary)
    return Reading(end, (constraint,))


def _end(vocabulary: Vocabulary, tokens: Sequence[Token], place: int) -> int:
    """Where the longest value that begins at `place` ends; 0 where there is none."""
    found = longest(vocabulary.known, tokens, place)
    return 0 if found is None else found[1]


def _negator(tokens: Sequence[Token], place: int) -> tuple[bool, int]:
    """Whether something is ruled out here, and the place of what that is."""
    if is_text(tokens, place, *ANY):
        for but in (place + 1, place + 2):
            if is_text(tokens, but, *BUT):
                return True, skip(tokens, but + 1, AFTER_NEGATOR | ARTICLES | {"for"}, 4)
    found = longest(NEGATORS, tokens, place)
    return (False, place) if found is None else (True, skip(tokens, found[1], AFTER_NEGATOR | ARTICLES, 4))


def _cue(tokens: Sequence[Token], place: int, vocabulary: Vocabulary) -> tuple[_Cue, int]:
    maker = longest(MAKERS, tokens, place)
    if maker is not None and vocabulary.brand is not None:
        return _Cue(maker=True), skip(tokens, maker[1], ARTICLES | {":", "is"}, 2)
    if is_text(tokens, place, "in") and longest(vocabulary.known, tokens, place) is None:  # not "in-ear headphones"
        place = skip(tokens, place + 1, ARTICLES, 1)
        named = longest(vocabulary.attributes, tokens, place)
        if named is None:
            return _Cue(inside=True), place
    named = longest(vocabulary.attributes, tokens, place)
    if named is not None:
        return _Cue(fields=named[0]), skip(tokens, named[1], LINKS, 2)
    return _Cue(), place


def _value(
    tokens: Sequence[Token], place: int, cue: _Cue, negated: bool, vocabulary: Vocabulary
) -> tuple[Known, int] | None:
    found = longest(vocabulary.known, tokens, place)
    if found is not None:
        known = _chosen(found[0], cue, vocabulary)
        phrase = "".join(token.text for token in tokens[place : found[1]])
        # "42" and "m" are sizes only where a size is spoken of, "3m" is a brand only where one is; "3M" always.
        plain = tokens[place].number is not None or len(phrase) == 1
        if plain and not phrase.isdigit():
            plain = "".join(token.raw for token in tokens[place : found[1]]) not in known.values if known else True
        if known is not None and (not plain or cue.any or negated):
            return known, found[1]
    return _misheard(tokens, place, cue, vocabulary)


def _chosen(all_known: Sequence[Known], cue: _Cue, vocabulary: Vocabulary) -> Known | None:
    """What a phrase names here, as it may name several things."""
    if cue.maker:
        return next((one for one in all_known if one.field == vocabulary.brand), None)
    if cue.fields:
        return next((one for one in all_known if one.field in cue.fields), None)
    if cue.inside:
        return next((one for one in all_known if not isinstance(vocabulary.named(one.field), Brand)), None)
    return all_known[0]


def _misheard(tokens: Sequence[Token], place: int, cue: _Cue, vocabulary: Vocabulary) -> tuple[Known, int] | None:
    """A brand by its sound: a condition where a maker was announced, else a mere preference."""
    if vocabulary.brand is None or place >= len(tokens) or not tokens[place].is_word:
        return None
    if not cue.maker and vocabulary.brand not in cue.fields:
        sounding = vocabulary.sounding(tokens[place].text) if not cue.any else None
        return None if sounding is None else (Known(vocabulary.brand, (sounding,), False, 0.4), place + 1)
    heard: list[tuple[float, str, int]] = []
    for length in (1, 2, 3):
        words = [token.text for token in tokens[place : place + length] if token.is_word and token.number is None]
        if len(words) == length and (one := vocabulary.heard(" ".join(words))) is not None:
            heard.append((one[1], one[0], place + length))
    if not heard:
        return None
    alike, name, end = max(heard)
    return Known(vocabulary.brand, (name,), certainty=0.9 * alike), end


def _is_for(tokens: Sequence[Token], start: int, end: int, free: int, known: Known, vocabulary: Vocabulary) -> bool:
    """Whether a brand is what the thing is for ("toner for an HP printer"), not who made it."""
    if known.field != vocabulary.brand:
        return False
    if is_text(tokens, end, "compatible"):
        return True
    place = start - 1
    while place >= 0 and tokens[place].text in ARTICLES:
        place -= 1
    if place < 0:
        return False
    if tokens[place].text == "for":
        # "looking for a Sony", "50 dollars for a Sony"
        return not is_text(tokens, place - 1, *SEEKING) and not 0 < free == place
    return any(longest(FOR, tokens, first) == (None, place + 1) for first in range(max(0, place - 1), place + 1))


def _listed(
    tokens: Sequence[Token], end: int, first: Known, negated: bool, vocabulary: Vocabulary
) -> tuple[list[Known], int]:
    """The other values of a list: "or white", ", white or red"; "and" joins makers and what is ruled out."""
    others: list[Known] = []
    while len(others) < MAX_ALTERNATIVES and end < len(tokens) and tokens[end].text in ALTERNATIVES:
        if tokens[end].text == "and" and not negated and first.field != vocabulary.brand:
            break
        place = skip(tokens, end + 1, (_BETWEEN_EXCLUDED if negated else _BETWEEN_ALTERNATIVES) | ARTICLES, 3)
        found = longest(vocabulary.known, tokens, place)
        known = None if found is None else next((one for one in found[0] if one.field == first.field), None)
        if found is None or known is None:
            break
        others.append(known)
        end = found[1]
    return others, end


def _free_of(tokens: Sequence[Token], place: int, vocabulary: Vocabulary) -> tuple[Known, int] | None:
    """The value that says so itself: "lactose free" for "without lactose"."""
    for end in (place + 2, place + 1):
        phrase = "".join(token.text for token in tokens[place:end])
        for way in (f"{phrase}free", f"no{phrase}", f"without{phrase}"):
            if end <= len(tokens) and way in vocabulary.known:
                return vocabulary.known[way][0], end
    return None


def _constraint(
    tokens: Sequence[Token],
    start: int,
    end: int,
    known: Sequence[Known],
    operator: Operator,
    strict: bool,
    vocabulary: Vocabulary,
) -> Constraint:
    field, meaning = known[0].field, vocabulary.named(known[0].field)
    values = tuple(dict.fromkeys(one.values[0] for one in known))
    listed = " or ".join(values)
    wanted: Filter = AnyOf(field, dict.fromkeys(value for one in known for value in one.values))
    if operator is Operator.NOT:
        wanted = And(Exists(field), Not(wanted))  # what is not known is not known to be otherwise
    label = f"not {listed}" if operator is Operator.NOT else f"{meaning.word} {listed}"
    certainty = min(one.certainty for one in known)
    span = tokens[start].start, tokens[end - 1].end
    return Constraint(field, operator, values, label, *span, wanted, hard=strict, certainty=certainty)


def _everywhere(constraint: Constraint, tokens: Sequence[Token], place: int, vocabulary: Vocabulary) -> Constraint:
    """What is ruled out by a word that names several things, as terracotta is a colour and a material, in each."""
    found = longest(vocabulary.known, tokens, place)
    senses = [] if found is None else [one for one in found[0] if one.field != constraint.field]
    if not senses or constraint.filter is None:
        return constraint
    ruled_out = (Not(AnyOf(one.field, dict.fromkeys(one.values))) for one in senses)
    return replace(constraint, filter=And(constraint.filter, *ruled_out))


def _flag(tokens: Sequence[Token], start: int, end: int, field: str, wanted: bool, vocabulary: Vocabulary) -> Reading:
    meaning = vocabulary.meanings[field]
    assert isinstance(meaning, Flag)
    label = f"{'with' if wanted else 'without'} {meaning.words[0]}"
    span = tokens[start].start, tokens[end - 1].end
    return Reading(end, (Constraint(field, Operator.IS, (wanted,), label, *span, Equals(field, wanted)),))
