"""Where the answer to a question about a product may stand, one source after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search_index import query_terms
from skills.shop_view import Source
from skills.shopping.deciding.asking.facts import answer_from, attributes_asked
from skills.shopping.deciding.asking.question import Question, content
from skills.shopping.deciding.reviews.aspects import KNOWN
from skills.shopping.deciding.reviews.polarity import sentences
from skills.shopping.product import Product, Review
from skills.storefront import SURE, AnswerDesk, Match

SAME, NEAR, FAR = 0.75, 0.6, 0.4
"""Cosines from which two questions are the same where they share a word that carries meaning, where all words of one
are in the other, and where they have just the same words."""
PLAINLY = 0.7
"""Score of a shop's answer that fits a question about one product."""
QUOTE_MAX = 200
"""Characters of a sentence that is quoted."""
DETAILS, DESCRIPTION, QUESTIONS = "Product details", "Product description", "Questions and answers"
ATTRIBUTES = 2
"""Facts in one answer."""


@dataclass(frozen=True)
class Told:
    """What is answered, and where it stands; `match` where it is one of the shop's own."""

    text: str
    source: Source
    match: Match | None = None


def from_attributes(question: Question, product: Product) -> Told | None:
    """The product's own data."""
    asked = [(one, answer_from(question, one)) for one in attributes_asked(question, product)]
    answered = [(one, text) for one, text in asked if text][: 1 if question.is_closed else ATTRIBUTES]
    if not answered:
        return None
    quote = "; ".join(f"{one.name}: {one.value}" for one, _ in answered)
    return Told(" ".join(text for _, text in answered), Source(kind="product", label=DETAILS, quote=quote))


def from_questions(question: Question, product: Product, desk: AnswerDesk) -> Told | None:
    """What the shop has answered about this product."""
    near = desk.nearness(question.text, [one.question for one in product.questions])
    fitting = [
        (cosine, one)
        for cosine, one in zip(near, product.questions, strict=True)
        if _asks_the_same(question, one.question, cosine)
    ]
    if not fitting:
        return None
    _, best = max(fitting, key=lambda pair: pair[0])
    return Told(best.answer, Source(kind="product", label=QUESTIONS, quote=best.question))


def from_description(question: Question, product: Product) -> Told | None:
    """A sentence of its description with every word that was asked about."""
    said = next((one for one in sentences(product.description) if _is_about(question, one)), None)
    return Told(said, Source(kind="product", label=DESCRIPTION, quote=said)) if said else None


def from_shop(question: Question, best: Match | None) -> Told | None:
    """The shop's own answers: to a question about one product only where they are asked in the same words, or nearly,
    since a shop speaks of things in general ("plants travel well in winter"). `best` is the one that fits best.
    """
    if best is None or best.score < SURE:
        return None
    answer = best.answer
    if best.score < PLAINLY and all(content(one) != question.terms for one in answer.wordings):
        return None
    source = Source(kind="shop", label="The shop's answer", quote=answer.question)
    return Told(f"In general: {answer.answer}", source, best)


def from_reviews(question: Question, reviews: Sequence[Review]) -> Told | None:
    """What customers mention, in their own words: hearsay, and said to be that."""
    topics = _topics(question.text)
    said = [
        next((one for one in sentences(review.text) if _is_about(question, one) or _speaks_of(topics, one)), None)
        for review in reviews
    ]
    mentioned = [one for one in said if one]
    if not mentioned:
        return None
    quote = min(mentioned, key=len)
    who = "One reviewer mentions it" if len(mentioned) == 1 else f"{number_word(len(mentioned))} reviewers mention it"
    label = "1 review" if len(reviews) == 1 else f"{len(reviews)} reviews"
    text = f"The details don't say. {who}: \u201c{quote}\u201d"
    return Told(text, Source(kind="reviews", label=label, quote=quote))


def number_word(count: int) -> str:
    """A small number as a sentence begins with it."""
    words = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
    return words[count] if count < len(words) else str(count)


def _is_about(question: Question, sentence: str) -> bool:
    return bool(question.terms) and len(sentence) <= QUOTE_MAX and question.terms <= content(sentence)


def _speaks_of(topics: frozenset[str], sentence: str) -> bool:
    words = (plain for _, plain in query_terms(sentence))
    return bool(topics) and len(sentence) <= QUOTE_MAX and topics <= {KNOWN[word] for word in words if word in KNOWN}


def _topics(text: str) -> frozenset[str]:
    """The topics of goods in a text, where all that it says is one of them."""
    words = [plain for stem, plain in query_terms(text) if stem in content(text)]
    return frozenset(KNOWN[word] for word in words) if all(word in KNOWN for word in words) else frozenset()


def _asks_the_same(question: Question, other: str, cosine: float) -> bool:
    terms = content(other)
    if question.terms == terms:
        return cosine >= FAR
    if question.terms and terms and (question.terms <= terms or terms <= question.terms):
        return cosine >= NEAR
    return bool(question.terms & terms) and cosine >= SAME
