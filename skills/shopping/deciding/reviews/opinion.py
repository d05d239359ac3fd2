"""What customers say of a product, topic by topic: how many speak well and badly of each, and their own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from skills.shopping.deciding.reviews.aspects import Aspects
from skills.shopping.deciding.reviews.polarity import clauses, sentences
from skills.shopping.product import Review

QUOTE_MAX = 160
"""Characters of a sentence that is quoted."""


@dataclass(frozen=True)
class Opinion:
    """A topic with the numbers of reviewers who speak well and badly of it; one who does both counts in both.

    `praise` and `blame` are sentences as reviewers wrote them, the plainest first.
    """

    aspect: str
    well: int
    badly: int
    praise: tuple[str, ...] = ()
    blame: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether more praise it."""
        return self.well > self.badly


@dataclass(frozen=True)
class Said:
    """One topic in one sentence, with a leaning above 0 for praise, below for blame, and 0 for neither."""

    aspect: str
    leaning: int


def opinions(reviews: Sequence[Review], about: str = "") -> tuple[Opinion, ...]:
    """The opinions of these reviews, the topic that most speak of first; `about` is the product's name."""
    texts = [sentences(f"{review.title}.\n{review.text}" if review.title else review.text) for review in reviews]
    known = learn([one for text in texts for one in text], about)
    well: dict[str, dict[int, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    badly: dict[str, dict[int, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    for number, text in enumerate(texts):
        for sentence in text:
            for said in said_in(sentence, known, reviews[number].stars):
                if said.leaning:
                    side = well if said.leaning > 0 else badly
                    side[said.aspect][number].append((abs(said.leaning), sentence))
    found = [
        Opinion(aspect, len(well[aspect]), len(badly[aspect]), _plainest(well[aspect]), _plainest(badly[aspect]))
        for aspect in sorted({*well, *badly})
    ]
    return tuple(sorted(found, key=lambda one: -(one.well + one.badly)))


def learn(all_sentences: Sequence[str], about: str = "") -> Aspects:
    """The topics of these sentences."""
    words = [[word for part in clauses(one) for word in part.words] for one in all_sentences]
    named = [word for part in clauses(about) for word in part.words]
    return Aspects(words, named)


def said_in(sentence: str, known: Aspects, stars: int | None = None) -> list[Said]:
    """The topics of a sentence, each by what the parts that name it say: by their opinion words; by those of the part
    before, if that names no topic ("One complaint: the zip"); by the review's stars, where it has them and they are
    plain; by what is told to fail.
    """
    totals: dict[str, int] = {}
    carried = 0
    for part in clauses(sentence):
        found = known.of(part.words)
        leaning = part.leaning or carried or _of_stars(stars) or -part.fails
        for aspect in found:
            totals[aspect] = totals.get(aspect, 0) + leaning
        carried = 0 if found else part.leaning
    return [Said(aspect, leaning) for aspect, leaning in totals.items()]


def _of_stars(stars: int | None) -> int:
    return 0 if stars in (None, 3) else 1 if stars and stars > 3 else -1


def _plainest(by_review: dict[int, list[tuple[int, str]]]) -> tuple[str, ...]:
    """One sentence of each review, the strongest and then the shortest first."""
    each = [max(said, key=lambda one: (one[0], -len(one[1]))) for said in by_review.values()]
    fitting = [one for one in each if len(one[1]) <= QUOTE_MAX]
    return tuple(sentence for _, sentence in sorted(fitting, key=lambda one: (-one[0], len(one[1]), one[1])))
