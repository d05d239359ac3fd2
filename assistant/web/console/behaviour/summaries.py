"""What is set, in a line each, for lists and the overview. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.web.console.behaviour.kinds import CUSTOMERS, KINDS, LANGUAGES, Kind
from assistant.web.console.behaviour.outlook import now_in_words
from skills.message import Message
from skills.shopping.shop import Shop
from skills.shopping.system_replies import SYSTEM_REPLIES
from skills.storefront.behaviour import (
    AwayReply,
    Cards,
    Greeting,
    HandoverRules,
    KeywordReply,
    Menu,
    OwnWording,
    ProactiveMessage,
)
from skills.storefront.behaviour.away import AwayWhen
from skills.storefront.behaviour.keyword import KeywordMatch
from skills.storefront.entry import Entry
from skills.storefront.front import Storefront


@dataclass(frozen=True)
class Line:
    """An entry in a list."""

    id: str
    title: str
    detail: str
    is_on: bool = True
    """Of a wording: it is the shop's own."""
    changed: bool = False
    removed: bool = False


@dataclass(frozen=True)
class Tile:
    """A kind in the overview; `waiting` is how many of its drafts are not published."""

    kind: Kind
    text: str
    waiting: int
    is_set: bool


def line_of(kind: Kind, entry: Entry) -> Line:
    """An entry as its list shows it."""
    model = entry.read(kind.model)
    title, detail = described(model)
    on = model.on if isinstance(model, AwayReply | KeywordReply | ProactiveMessage) else True
    return Line(entry.id, title, detail, on, entry.changed, entry.removed)


def described(model: Message) -> tuple[str, str]:
    """A title, and when or how it holds."""
    match model:
        case Greeting():
            return model.text, _whom(model.page, model.language, model.customers)
        case ProactiveMessage():
            whom = _whom(model.page, model.language, model.customers)
            return model.text, f"{whom}, after {model.after_s} seconds, once in {_days(model.every_days)}"
        case KeywordReply():
            how = "alone" if model.match is KeywordMatch.WHOLE else "anywhere in a message"
            return ", ".join(model.phrases), f"{how}: {model.text}"
        case Cards():
            return model.name, _count(len(model.cards), "card")
        case AwayReply():
            return model.text, f"{_when(model)}, once in {_hours(model.every_hours)}"
        case OwnWording():
            reply = SYSTEM_REPLIES[model.reply]
            return reply.when, model.text
        case _:
            return "", ""


def overview_tiles(shop: Shop, front: Storefront, at: datetime, waiting: Mapping[str, int]) -> Sequence[Tile]:
    """Every kind with how it is set."""
    texts = {
        "greeting": _count(len(front.greetings), "greeting") if front.greetings else "",
        "menu": _items(front.menu),
        "keyword": _on(front.keywords.values(), "reply", "replies"),
        "card": _count(len(front.cards), "set", "sets") if front.cards else "",
        "proactive": _on(front.proactive.values(), "message", "messages"),
        "hours": now_in_words(front.timetable(shop), at) if front.hours or shop.opening else "",
        "away": _on(front.away.values(), "reply", "replies"),
        "handover": _rules(front.handover),
        "wording": f"{len(front.wordings)} of {len(SYSTEM_REPLIES)} in your words" if front.wordings else "",
    }
    return [
        Tile(kind, texts[name] or kind.teaching, waiting.get(name, 0), bool(texts[name]))
        for name, kind in KINDS.items()
    ]


def wording_lines(entries: Sequence[Entry], asked: str) -> dict[str, list[Line]]:
    """Every system reply by the part of the assistant that says it, its text in `detail`: those that have all words of
    `asked` in them, in the shop's words or in the assistant's.
    """
    own = {one.id: one for one in entries}
    places: dict[str, list[Line]] = {}
    for name, reply in SYSTEM_REPLIES.items():
        entry = own.get(name)
        mine = entry.read(OwnWording).text if entry and not entry.removed else ""
        texts = " ".join((reply.place, reply.when, mine, *reply.defaults)).casefold()
        if all(word in texts for word in asked.casefold().split()):
            line = Line(name, reply.when, mine or reply.defaults[0], bool(mine), bool(entry and entry.changed))
            places.setdefault(reply.place, []).append(line)
    return places


def _whom(page: str, language: str, customers: Sequence[str]) -> str:
    parts = [f"on {page}" if page else "on every page"]
    if language:
        parts.append(f"in {LANGUAGES.get(language, language)}")
    if customers:
        parts.append("who " + " or ".join(CUSTOMERS[one][0].lower() + CUSTOMERS[one][1:] for one in customers))
    return "Visitors " + ", ".join(parts)


def _when(model: AwayReply) -> str:
    match model.when:
        case AwayWhen.CLOSED:
            return "Outside your hours"
        case AwayWhen.DATES:
            return f"From {model.first:%-d %B %Y} to {model.last:%-d %B %Y}"
        case AwayWhen.ALWAYS:
            return "At any time"


def _items(menu: Menu) -> str:
    return ", ".join(one.label for one in menu.items)


def _rules(rules: HandoverRules) -> str:
    parts = []
    if rules.after_unanswered:
        parts.append(f"after {_count(rules.after_unanswered, 'question')} without an answer")
    if rules.phrases:
        parts.append(f"on {_count(len(rules.phrases), 'phrase')}")
    if rules.bad_rating:
        parts.append("after a bad rating")
    if rules.topics:
        parts.append(f"on {_count(len(rules.topics), 'topic')}")
    return f"A person is asked for {', '.join(parts)}." if parts else ""


def _on(rules: Collection[AwayReply | KeywordReply | ProactiveMessage], one: str, many: str) -> str:
    every = list(rules)
    on = sum(rule.on for rule in every)
    return "" if not every else _count(on, one, many) + (f", {len(every) - on} switched off" if on < len(every) else "")


def _days(days: int) -> str:
    return "a day" if days == 1 else "a week" if days == 7 else f"{days} days"


def _hours(hours: int) -> str:
    return "an hour" if hours == 1 else "a day" if hours == 24 else f"{hours} hours"


def _count(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
