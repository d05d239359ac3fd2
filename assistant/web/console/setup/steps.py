"""The steps of the set-up, and how far a shop is in them: read from what the shop has, so nothing else is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from skills.shopping.catalogue import Catalogues
from skills.shopping.shop import Profile, Returns, Shop
from skills.storefront import Entries
from skills.storefront.hours_words import hours_in_words
from skills.storefront.shop_draft import draft_profile
from skills.storefront.tones import MANNERS

State = Literal["done", "usual", "todo"]


@dataclass(frozen=True)
class Facts:
    """What a shop has, in its drafts."""

    profile: Profile
    greeting: str
    hours: str
    """In words; empty where it has not said any."""
    answers: int
    products: int
    published: int
    waiting: int


@dataclass(frozen=True)
class Step:
    """A step: its place in addresses, what it is called, why it matters, and what there is of it."""

    name: str
    title: str
    why: str
    has: Callable[[Facts], str]
    """In a few words; empty where nothing is."""
    usual: str = ""
    """What holds where nothing was said, if that will do."""


@dataclass(frozen=True)
class StepState:
    """A step of a shop."""

    step: Step
    state: State
    told: str


STEPS = (
    Step(
        "shop",
        "Your shop",
        "What it is called, and how customers reach you",
        lambda facts: _joined(facts.profile.email, facts.profile.phone, facts.profile.tagline),
    ),
    Step(
        "voice",
        "Greeting and tone",
        "The first words, and how your bot sounds",
        lambda facts: facts.greeting and f"{MANNERS[facts.profile.tone].name}: “{facts.greeting}”",
    ),
    Step("look", "Colour", "So that the chat looks like your shop", lambda facts: facts.profile.accent, "Sori's green"),
    Step(
        "hours",
        "Opening hours",
        "When your people answer; the bot always does",
        lambda facts: facts.hours,
        "Nobody: the bot answers alone",
    ),
    Step(
        "delivery",
        "Delivery",
        "What it costs and how long it takes",
        lambda facts: ", ".join(one.name for one in facts.profile.deliveries),
    ),
    Step(
        "returns",
        "Returns and payment",
        "What comes back, and how customers pay",
        lambda facts: _returns(facts.profile),
        "30 days, free of charge",
    ),
    Step(
        "products",
        "Products",
        "So that the bot can find and sell them",
        lambda facts: f"{facts.products:,} products" if facts.products else "",
    ),
    Step(
        "questions",
        "Questions and answers",
        "What customers ask most: drafted for you, or from a file",
        lambda facts: f"{facts.answers:,} answers" if facts.answers else "",
    ),
    Step(
        "live",
        "Try it and go live",
        "Talk to your bot, publish, and put it on your site",
        lambda facts: "Everything is live" if facts.published and not facts.waiting else "",
    ),
)
NAMES = tuple(step.name for step in STEPS)


def after(name: str) -> str:
    """The step that comes next; the last one comes after itself."""
    return NAMES[min(NAMES.index(name) + 1, len(NAMES) - 1)]


def facts(entries: Entries, catalogues: Catalogues, shop: Shop) -> Facts:
    """What a shop has now. Blocking; StorefrontError, CatalogueStoreError."""
    profile, _ = draft_profile(entries, shop)
    greetings = entries.drafts(shop.id, "greeting")
    hours = entries.drafts(shop.id, "hours")
    week = hours[0].data.get("week", []) if hours else [one.model_dump() for one in profile.opening]
    opening = tuple(Profile.model_validate({"name": "x", "opening": week}).opening)
    return Facts(
        profile=profile,
        greeting=str(greetings[0].data["text"]) if greetings else profile.greeting,
        hours=hours_in_words(opening) if opening else "",
        answers=entries.count(shop.id, "answer"),
        products=catalogues.count(shop.id),
        published=entries.revision(shop.id),
        waiting=sum(entries.waiting(shop.id).values()),
    )


def progress(found: Facts) -> list[StepState]:
    """Every step, with how far it is."""
    states = []
    for step in STEPS:
        told = step.has(found)
        state: State = "done" if told else "usual" if step.usual else "todo"
        states.append(StepState(step, state, told or step.usual))
    return states


def _joined(*texts: str) -> str:
    return " · ".join(filter(None, texts))


def _returns(profile: Profile) -> str:
    rules = profile.returns
    if rules == Returns() and not profile.payments:
        return ""
    days = f"{rules.days} days, {'free' if rules.free else 'paid by the customer'}" if rules.days else "No returns"
    return _joined(days, ", ".join(profile.payments))
