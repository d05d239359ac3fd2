"""What the pages of the numbers read: insights of one shop and span, with the names that people know. Blocking."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.house import House
from assistant.insights.measures import Behind, Measure
from assistant.insights.records import AssistedOrder, Overview, Summary, TopicLine
from assistant.web.console.numbers import tables
from assistant.web.console.numbers.choosing import Choice
from assistant.web.console.numbers.definitions import DEFINITIONS, HEADINGS, hour_in_words, topic_name
from assistant.web.console.numbers.naming import AnswerNames, answer_names, product_names
from assistant.web.console.numbers.tables import Sheet
from skills.shopping.shop import Shop

TOPICS = 8
TOP = 10
"""Lines of a table on a page."""
WHOLE = 1_000
"""The same in a file."""


@dataclass(frozen=True)
class Read:
    """The numbers of a shop in a span."""

    house: House
    shop: Shop
    choice: Choice

    @property
    def names(self) -> AnswerNames:
        """Of the shop's answers."""
        return answer_names(self.house.shopping.answers, self.shop.id)

    def overview(self) -> Overview:
        """The span."""
        return self.house.insights.overview(self.shop.id, self.choice.span)

    def before(self) -> Summary:
        """The numbers of the span before."""
        return self.house.insights.summary(self.shop.id, self.choice.span.before)

    def days(self, found: Overview) -> Sheet:
        """What became of conversations, over time."""
        return tables.by_days(found.bars, DEFINITIONS[Measure.ALL])

    def hours(self, found: Overview) -> Sheet:
        """When customers write."""
        return tables.by_hours(found.hours, DEFINITIONS[Measure.HOUR])

    def topics(self, limit: int = TOPICS) -> tuple[list[TopicLine], Sheet]:
        """What conversations were about."""
        found = self.house.insights.topics(self.shop.id, self.choice.span, self.names.folders)[:limit]
        return found, tables.of_topics(found, self.choice.span, DEFINITIONS[Measure.TOPIC])

    def answers(self, limit: int = TOP) -> Sheet:
        """The most frequent questions with an answer."""
        found = self.house.insights.top_questions(self.shop.id, self.choice.span, limit)
        return tables.of_answers(found, self.names, DEFINITIONS[Measure.ANSWER])

    def unanswered(self, limit: int = TOP) -> Sheet:
        """The most frequent questions without one."""
        found = self.house.insights.unanswered_questions(self.shop.id, self.choice.span, limit)
        return tables.of_unanswered(found, DEFINITIONS[Measure.QUESTION])

    def searches(self, limit: int = TOP) -> Sheet:
        """What was not found."""
        found = self.house.insights.searches(self.shop.id, self.choice.span, limit)
        return tables.of_searches(found, DEFINITIONS[Measure.SEARCH])

    def products(self, limit: int = TOP) -> Sheet:
        """What was asked about."""
        found = self.house.insights.products(self.shop.id, self.choice.span, limit)
        titles = product_names(self.house.shopping.catalogues, self.shop.id, [one.subject for one in found])
        return tables.of_products(found, titles, DEFINITIONS[Measure.PRODUCT])

    def orders(self) -> list[AssistedOrder]:
        """Orders upon which conversations had a part."""
        return self.house.insights.orders(self.shop.id, self.choice.span)

    def behind(self, number: Behind) -> list[str]:
        """The conversations behind a number."""
        folders = self.names.folders if number.measure is Measure.TOPIC else {}
        return self.house.insights.behind(self.shop.id, self.choice.span, number, folders)

    def heading(self, number: Behind) -> str:
        """What these conversations have in common."""
        subject = number.subject
        match number.measure:
            case Measure.ANSWER:
                subject = self.names.question(subject)
            case Measure.PRODUCT:
                subject = product_names(self.house.shopping.catalogues, self.shop.id, [subject])[subject]
            case Measure.QUESTION:
                found = self.house.insights.unanswered_questions(self.shop.id, self.choice.span, WHOLE)
                subject = next((one.text for one in found if one.subject == subject), subject)
            case Measure.TOPIC:
                subject = topic_name(subject)
            case Measure.HOUR:
                subject = hour_in_words(subject)
            case _:
                pass
        return HEADINGS[number.measure].format(subject)
