"""What an entry says, and what differs between two of its states, in the words of those who edit it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from pydantic import ValidationError

from assistant.web.console.behaviour.kinds import KINDS as BEHAVIOUR
from skills.shopping.money import Money
from skills.shopping.system_replies import SYSTEM_REPLIES
from skills.storefront.entry import Change
from skills.storefront.hours_words import DAYS
from skills.storefront.kinds import KINDS

KIND_NAMES = {"answer": "Answers", "profile": "Your shop"} | {name: kind.title for name, kind in BEHAVIOUR.items()}
"""What the console calls each kind."""
LABELS = {
    "variants": "Other ways to ask it",
    "begins": "Holds from",
    "ends": "Holds until",
    "conditions": "Only when",
    "accent": "Colour",
    "opening": "Opening hours",
    "privacy": "Note on privacy",
    "time_zone": "Time zone",
    "deliveries": "Delivery",
    "returns": "Returns",
    "suggestions": "Suggestions to tap",
    "week": "Open",
    "special": "Special days",
    "every_hours": "At most once in (hours)",
    "after_s": "After (seconds on the page)",
    "every_days": "At most once in (days)",
    "after_unanswered": "After questions without an answer",
    "on": "In use",
    "minor": "Amount",
}
"""Names of fields that do not speak for themselves."""
HIDDEN = frozenset({"id", "reply"})
"""Fields that nobody edits."""
LONG = 4_000
"""Characters of one side that are compared word by word."""

Part = tuple[str, bool]
"""A piece of text, and whether it is only on this side."""


@dataclass(frozen=True)
class Difference:
    """A field that differs: what it is called, and each side in pieces."""

    label: str
    before: tuple[Part, ...]
    after: tuple[Part, ...]


@dataclass(frozen=True)
class Told:
    """A change as a page shows it."""

    change: Change
    kind: str
    title: str
    verb: str
    """New, changed or removed."""
    differences: tuple[Difference, ...]


def told(change: Change) -> Told:
    """A change in words."""
    verb = "New" if change.before_text is None else "Removed" if change.after_text is None else "Changed"
    data = change.after or change.before or {}
    found = differences(change.kind, change.before, change.after)
    return Told(change, KIND_NAMES.get(change.kind, change.kind), title(change.kind, data), verb, tuple(found))


def title(kind: str, data: Mapping[str, Any]) -> str:
    """What an entry is called in a list."""
    if kind == "wording" and (reply := SYSTEM_REPLIES.get(str(data.get("reply")))):
        return reply.when
    for name in ("question", "name", "text"):
        if isinstance(data.get(name), str) and data[name]:
            return str(data[name])
    phrases = data.get("phrases")
    return ", ".join(phrases) if isinstance(phrases, Sequence) and phrases else KIND_NAMES.get(kind, kind)


def differences(kind: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Difference]:
    """The fields in which two states of an entry differ; None where there is none of it."""
    one, other = _fields(kind, before), _fields(kind, after)
    return [
        Difference(label, *_marked(one.get(label, ""), other.get(label, "")))
        for label in dict.fromkeys([*other, *one])
        if one.get(label, "") != other.get(label, "")
    ]


def _fields(kind: str, data: Mapping[str, Any] | None) -> dict[str, str]:
    """Every field in words by its label, with those that are as they are unless somebody says otherwise."""
    if data is None:
        return {}
    try:
        whole = KINDS[kind].model_validate(data).model_dump(mode="json")
    except (KeyError, ValidationError):  # of a version from before the kind has changed
        whole = dict(data)
    return {_label(name): _say(name, value) for name, value in whole.items() if name not in HIDDEN}


def _label(name: str) -> str:
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def _say(name: str, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict):
        return _group(value)
    if isinstance(value, list):
        if name == "days" and len(value) == 2:
            return f"{value[0]} to {value[1]} working days"
        said = [_say("", one) for one in value]
        return "\n".join(said) if any(isinstance(one, dict) for one in value) or name == "variants" else ", ".join(said)
    return DAYS[value] if name == "day" and isinstance(value, int) else str(value)


def _group(value: Mapping[str, Any]) -> str:
    if value.keys() == {"minor", "currency"}:
        return str(Money.model_validate(value))
    if {"begin", "end"} <= value.keys():
        day = DAYS[value["day"]] if isinstance(value.get("day"), int) else "Every day" if "day" in value else ""
        return f"{day} {_clock(value['begin'])} to {_clock(value['end'])}".strip()
    said = ((name, _say(name, one)) for name, one in value.items() if name not in HIDDEN)
    return " · ".join(text if name in ("name", "label") else f"{_label(name)}: {text}" for name, text in said if text)


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes % 1_440, 60)
    return f"{hour:02}:{minute:02}"


def _marked(before: str, after: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Both texts, with the words marked that only one of them has; of long texts the whole."""
    if not before or not after or len(before) + len(after) > LONG:
        return _whole(before), _whole(after)
    one, other = _words(before), _words(after)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.quick_ratio() < 0.4:
        return _whole(before), _whole(after)
    codes = matcher.get_opcodes()
    left = _pieces((one[i:j], tag != "equal") for tag, i, j, _, _ in codes)
    return left, _pieces((other[k:m], tag != "equal") for tag, _, _, k, m in codes)


def _whole(text: str) -> tuple[Part, ...]:
    return ((text, True),) if text else ()


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)


def _pieces(parts: Iterator[tuple[list[str], bool]]) -> tuple[Part, ...]:
    return tuple(("".join(words), changed) for words, changed in parts if words)
