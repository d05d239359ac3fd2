"""What customers say in a few lines: pros and cons with how many say so, and their own words."""

from __future__ import annotations

from collections.abc import Sequence

from skills.shop_view import ReviewSummary
from skills.shopping.deciding.reviews.opinion import Opinion, opinions
from skills.shopping.product import Review

LINES = 3
"""Pros, and cons."""
GENERAL = frozenset({"quality", "feature"})
"""Topics that say little where there are others."""


def summary(reviews: Sequence[Review], about: str = "") -> ReviewSummary:
    """The summary of a product's reviews; `about` is its name. Without reviews, all of it is empty."""
    if not reviews:
        return ReviewSummary(stars=None, count=0)
    pros, cons = pros_and_cons(opinions(reviews, about))
    return ReviewSummary(
        stars=round(sum(review.stars for review in reviews) / len(reviews), 1),
        count=len(reviews),
        pros=tuple(line(one) for one in pros),
        cons=tuple(line(one) for one in cons),
        quotes=_quotes(pros, cons),
    )


def pros_and_cons(found: Sequence[Opinion]) -> tuple[list[Opinion], list[Opinion]]:
    """What more reviewers praise than blame, and the reverse; that on which most agree first."""
    pros = [one for one in found if one.is_good]
    cons = [one for one in found if one.badly > one.well]
    pros.sort(key=lambda one: (one.aspect in GENERAL, one.badly - one.well))
    cons.sort(key=lambda one: (one.aspect in GENERAL, one.well - one.badly, -one.badly))
    return pros[:LINES], cons[:LINES]


def line(one: Opinion) -> str:
    """One topic as it is shown: "Warmth (5 of 6 like it)"."""
    of, topic = one.well + one.badly, one.aspect[0].upper() + one.aspect[1:]
    if one.is_good:
        return f"{topic} ({one.well} of {of} like it)" if of > 1 else f"{topic} (1 likes it)"
    return f"{topic} ({one.badly} of {of} complain)" if of > 1 else f"{topic} (1 complains)"


def _quotes(pros: Sequence[Opinion], cons: Sequence[Opinion]) -> tuple[str, ...]:
    """A sentence that praises and one that blames, as they were written."""
    praise = next((one.praise[0] for one in pros if one.praise), "")
    blame = next((one.blame[0] for one in cons if one.blame and one.blame[0] != praise), "")
    return tuple(filter(None, (praise, blame)))
