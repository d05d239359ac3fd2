"""A query read from left to right: at each word the reader that understands most of what follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from search_index.documents import Document
from search_index.understanding.language import CONNECTING
from search_index.understanding.limits import read_limit
from search_index.understanding.named import read_named
from search_index.understanding.orders import read_order, read_relative, read_year
from search_index.understanding.reading import Reading
from search_index.understanding.tokens import Token, tokenise
from search_index.understanding.understood import Constraint, Understood
from search_index.understanding.vocabulary import Vocabulary


def parse(
    text: str, vocabulary: Vocabulary, reference: Document | None = None, today: date | None = None
) -> Understood:
    """What `text` asks for; never raises, whatever the text.

    `reference` is the item spoken of ("like this but cheaper"), `today` dates "the last two years"; without them such
    words stay text. The first 2,000 characters are read, in time linear in their number: a reader looks at no more
    than some twenty words.
    """
    tokens = tokenise(text)
    constraints: list[Constraint] = []
    place = free = 0
    while place < len(tokens):
        reading = _best(tokens, place, free, vocabulary, reference, today)
        if reading is None:
            place += 1
            continue
        if reading.constraints:
            constraints.extend(_with_connecting(reading.constraints, tokens, free, place))
            free = reading.end
        place = reading.end
    return Understood(text, tuple(constraints))


def _best(
    tokens: Sequence[Token],
    place: int,
    free: int,
    vocabulary: Vocabulary,
    reference: Document | None,
    today: date | None,
) -> Reading | None:
    """The longest reading; of equals the first."""
    readings = (
        read_named(tokens, place, free, vocabulary),
        read_limit(tokens, place, vocabulary),
        read_year(tokens, place, vocabulary, today),
        read_order(tokens, place, vocabulary),
        read_relative(tokens, place, vocabulary, reference),
    )
    return max((one for one in readings if one is not None), key=lambda one: one.end, default=None)


def _with_connecting(
    constraints: Sequence[Constraint], tokens: Sequence[Token], free: int, place: int
) -> Iterable[Constraint]:
    """The constraints, the first with the words that tie it to what stands before it ("and with ...")."""
    first = place
    while constraints[0].hard and first > free and tokens[first - 1].text in CONNECTING:
        first -= 1
    yield replace(constraints[0], start=tokens[first].start) if first < place else constraints[0]
    yield from constraints[1:]
