"""What exactly each number counts, in the words that stand beside it; docs/console.md has the same sentences. Pure."""

from __future__ import annotations

from assistant.insights.measures import Measure, Topic
from assistant.insights.topics import FOLDER
from skills.storefront.hours_words import DAYS

DEFINITIONS = {
    Measure.ALL: "Conversations in which a customer wrote, said or tapped something in these days. In a chart each is "
    "counted once, where it began.",
    Measure.CONTAINED: "Conversations that needed no person and did not end badly: no person came or was asked for, no "
    "answer was rated badly, and the last question was answered.",
    Measure.HANDED_OVER: "Conversations that a person of your team came into, asked for or not.",
    Measure.UNSOLVED: "Conversations that no person came into, though a person was asked for, or an answer was rated "
    "badly, or the last question was not answered.",
    Measure.LIKED: "Of the conversations with rated answers, those in which none was rated badly. A rating counts for "
    "the day of the answer.",
    Measure.DISLIKED: "Conversations in which an answer was rated badly.",
    Measure.BOT: "From a customer's message to the bot's answer. Half of the answers came within the first time, 95 of "
    "100 within the second.",
    Measure.PEOPLE: "From the wish for a person, or from a customer's next message to one, to what the person wrote. "
    "Half of them came within the first time, 95 of 100 within the second.",
    Measure.ANSWER: "Answers of yours that the bot gave, and in how many conversations.",
    Measure.UNANSWERED: "Conversations with a question that the bot did not know, did not understand, or does not do.",
    Measure.QUESTION: "Questions without an answer, those of one meaning together, and in how many conversations.",
    Measure.SEARCH: "What customers looked for when nothing fitted all of it, even where something came near.",
    Measure.PRODUCT: "Products of which details, stock, reviews, delivery or a comparison were asked for.",
    Measure.TOPIC: "What a conversation was about: the folders of the answers given, and what every shop is asked. A "
    "conversation counts once for each of its topics, where the topic first came up.",
    Measure.HOUR: "Conversations in which a customer wrote in this hour of this day of the week, by your shop's clock.",
    Measure.ORDERS: "Orders of something that a conversation had shown the same customer at most 7 days before. "
    "Cancelled and returned orders do not count, and the money is the price of only what was shown, before coupons "
    "and delivery.",
}

HEADINGS = {
    Measure.ALL: "All conversations",
    Measure.CONTAINED: "Contained by the bot",
    Measure.HANDED_OVER: "Handed over to people",
    Measure.UNSOLVED: "Unsolved",
    Measure.LIKED: "Rated well",
    Measure.DISLIKED: "Rated badly",
    Measure.BOT: "Answered by the bot, the slowest first",
    Measure.PEOPLE: "Answered by people, the slowest first",
    Measure.ANSWER: "Answered with “{}”",
    Measure.UNANSWERED: "With a question that was not answered",
    Measure.QUESTION: "Asked without an answer: “{}”",
    Measure.SEARCH: "Looked for, and not found: “{}”",
    Measure.PRODUCT: "Asked about “{}”",
    Measure.TOPIC: "About: {}",
    Measure.HOUR: "Customers wrote on {}",
    Measure.ORDERS: "An order followed",
}

TOPICS = {
    Topic.SEARCHES: "Looking for products",
    Topic.PRODUCTS: "About a product",
    Topic.DELIVERY: "Delivery",
    Topic.ORDERS: "Orders and returns",
    Topic.QUESTIONS: "Your answers, without a folder",
    Topic.UNANSWERED: "Not answered",
}


def topic_name(topic: str) -> str:
    """A topic as people read it."""
    known = {one.value: name for one, name in TOPICS.items()}
    return topic.removeprefix(FOLDER) if topic.startswith(FOLDER) else known.get(topic, topic)


def hour_in_words(subject: str) -> str:
    """As in "Mondays from 14:00 to 15:00", of the subject of Measure.HOUR; nonsense stays as it is."""
    day, _, hour = subject.partition("-")
    if not (day in "0123456" and len(day) == 1 and hour.isdecimal() and int(hour) < 24):
        return subject
    return f"{DAYS[int(day)]}s from {int(hour)}:00 to {int(hour) + 1}:00"
