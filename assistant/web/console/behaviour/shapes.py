"""The models of behaviour as forms have them, and back: times as 09:00, what a button does as a choice. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from assistant.web.console.behaviour.kinds import Kind
from assistant.web.console.fields import sentences
from assistant.web.console.nested_form import Sheet, without_blanks
from skills.message import Message
from skills.storefront.behaviour.hours import DAY_MIN, Hours
from skills.storefront.hours_words import DAYS as WEEK_DAYS

DAYS = tuple(day.lower() for day in WEEK_DAYS)
DOES = ("say", "link", "card", "items")
"""What a button or an item of the menu does, by the field that holds it."""
TIME_WRONG = "Please write a time like 09:30."
ADDRESS_WRONG = "Please write an address like https://shop.example/sale, or a path of your shop like /sale."
_TIME = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)", re.ASCII)

_BOXES: Mapping[str, tuple[str, ...]] = {
    "away": ("on",),
    "keyword": ("on",),
    "proactive": ("on", "only_open"),
    "handover": ("bad_rating",),
}
_LINES: Mapping[str, tuple[str, ...]] = {"keyword": ("phrases",), "handover": ("phrases", "topics")}
"""Lists that are written one to a line."""
_WHOLE: Mapping[str, str] = {"away": "last", "keyword": "phrases", "menu": "items", "wording": "text"}
"""The field beside which something is said that is wrong with all of it."""


@dataclass
class Shape:
    """What a form means: the model's values, what is wrong already, and under which names the form has parts of it."""

    values: dict[str, Any]
    problems: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def as_form(kind: Kind, model: Message) -> dict[str, Any]:
    """What the form shows of a model."""
    data = model.model_dump(mode="json")
    for name in _LINES.get(kind.name, ()):
        data[name] = "\n".join(data[name])
    if kind.name == "proactive":
        data["quiet_on"] = data["quiet"] is not None
        data["quiet"] = _range_form(data["quiet"] or {"begin": 1_255, "end": 1_920})
    if kind.name == "hours":
        week = data.pop("week")
        data["days"] = {
            name: {"ranges": [_range_form(one) for one in week if one["day"] == day]} for day, name in enumerate(DAYS)
        }
        data["breaks"] = [_range_form(one) | {"day": one["day"]} for one in data["breaks"]]
        for special in data["special"]:
            special["ranges"] = [_range_form(one) for one in special["ranges"]]
    _choose(data)
    return data


def read_form(kind: Kind, data: dict[str, Any], extra: Mapping[str, Any] | None = None) -> Message | Sheet:
    """The model, or the form with what is wrong; rows that were left blank are gone from it."""
    data = without_blanks(data, ("does",)) if kind.name != "hours" else _hours_without_blanks(data)
    shape = _hours(data) if kind.name == "hours" else _plain(kind, data)
    try:
        model = kind.model.model_validate(shape.values | dict(extra or {}))
    except ValidationError as error:
        for place, sentence in sentences(error, whole=True).items():
            name = _renamed(place, shape.names) or _WHOLE.get(kind.name, "")
            if name.split(".")[0] in _LINES.get(kind.name, ()):
                name = name.split(".")[0]
            if name.endswith((".link", ".picture")):
                sentence = ADDRESS_WRONG
            if not any(one == name or one.startswith(f"{name}.") for one in shape.problems):
                shape.problems[name] = sentence
        return Sheet(data, shape.problems)
    return Sheet(data, shape.problems) if shape.problems else model


def spread(data: dict[str, Any], asked: str) -> Sheet | None:
    """The hours after `spread:monday`: those of that day on the days that are ticked beside it too."""
    source = asked.removeprefix("spread:")
    if asked == source or source not in DAYS:
        return None
    sheet = Sheet(data)
    days = {day: {"ranges": sheet.at(f"days.{day}.ranges") or []} for day in DAYS}
    for day in DAYS:
        if sheet.ticked(f"days.{source}.to", day):
            days[day] = days[source]
    return Sheet(data | {"days": days}, focus=f"days.{source}")


def lenient_hours(sheet: Sheet) -> Hours | None:
    """The hours that stand in a form, parts that are not right yet left out; None where that is too much of it."""
    data = _hours_without_blanks(sheet.data)
    shape = _hours(data)
    values = shape.values
    wrong = {name.rpartition(".")[0] for name in shape.problems}
    week = [one for number, one in enumerate(values["week"]) if shape.names[f"week.{number}"] not in wrong]
    breaks = [one for number, one in enumerate(values["breaks"]) if f"breaks.{number}" not in wrong]
    try:
        return Hours.model_validate(values | {"week": week, "breaks": breaks})
    except ValidationError:
        return None


def minutes(text: object) -> int | None:
    """Minutes from midnight of a time as it is written; None where it is none."""
    found = _TIME.fullmatch(str(text).strip())
    told = int(found[1]) * 60 + int(found[2]) if found else DAY_MIN + 1
    return told if told <= DAY_MIN else None


def clock(minute: int) -> str:
    """As a control for times has it."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _plain(kind: Kind, data: dict[str, Any]) -> Shape:
    kept = {name: value for name, value in data.items() if name in kind.model.model_fields and not _is_blank(value)}
    shape = Shape(kept)
    values = shape.values
    for name in _BOXES.get(kind.name, ()):
        values[name] = Sheet(data).ticked(name)
    for name in _LINES.get(kind.name, ()):
        values[name] = [line.strip() for line in Sheet(data).text(name).splitlines() if line.strip()]
    if kind.name == "proactive":
        if Sheet(data).ticked("quiet_on"):
            values["quiet"] = _range(data.get("quiet"), "quiet", shape)
        else:
            values["quiet"] = None
    shape.values = {name: _deeds(value, name, shape) for name, value in values.items()}
    return shape


def _hours(data: dict[str, Any]) -> Shape:
    sheet, shape = Sheet(data), Shape({"time_zone": str(data.get("time_zone") or "").strip()})
    week: list[dict[str, Any]] = []
    for day, called in enumerate(DAYS):
        for name in sheet.parts(f"days.{called}.ranges"):
            shape.names[f"week.{len(week)}"] = name
            week.append(_range(sheet.at(name), name, shape) | {"day": day})
    shape.values["week"] = week
    shape.values["breaks"] = [
        _range(sheet.at(name), name, shape) | {"day": sheet.text(f"{name}.day") or None}
        for name in sheet.parts("breaks")
    ]
    shape.values["special"] = [
        {
            "name": sheet.text(f"{name}.name"),
            "first": sheet.text(f"{name}.first"),
            "last": sheet.text(f"{name}.last") or None,
            "yearly": sheet.ticked(f"{name}.yearly"),
            "ranges": [_range(sheet.at(one), one, shape) for one in sheet.parts(f"{name}.ranges")],
        }
        for name in sheet.parts("special")
    ]
    return shape


def _hours_without_blanks(data: dict[str, Any]) -> dict[str, Any]:
    """All that is needed of each day; breaks and other days that were left blank are gone."""
    sheet = Sheet(data)
    days = {day: {"ranges": without_blanks(sheet.at(f"days.{day}.ranges") or [])} for day in DAYS}
    others = {name: without_blanks(value, ("day",)) for name, value in data.items() if name != "days"}
    return others | {"days": days}


def _range(given: Any, name: str, shape: Shape) -> dict[str, int]:
    """Begin and end in minutes; an end that is not after the begin is on the next day."""
    told = given if isinstance(given, dict) else {}
    begin, end = minutes(told.get("begin", "")), minutes(told.get("end", ""))
    for part, minute in (("begin", begin), ("end", end)):
        if minute is None:
            shape.problems[f"{name}.{part}"] = TIME_WRONG
    begin = (begin or 0) % DAY_MIN
    end = end or DAY_MIN
    return {"begin": begin, "end": end if end > begin else end + DAY_MIN}


def _range_form(one: Mapping[str, int]) -> dict[str, Any]:
    return {"begin": clock(one["begin"]), "end": clock(one["end"])}


def _choose(data: Any) -> None:
    """Tells of each button what it does."""
    for one in _dicts(data):
        if "say" in one and "link" in one:
            one["does"] = next((does for does in DOES if one.get(does)), "say")


def _deeds(value: Any, name: str, shape: Shape) -> Any:
    """Of each button only what it does; and blanks, which mean that there is nothing, are gone."""
    if isinstance(value, list):
        return [_deeds(part, f"{name}.{number}", shape) for number, part in enumerate(value)]
    if not isinstance(value, dict):
        return value.strip() if isinstance(value, str) else value
    does = value.get("does")
    kept = {part: one for part, one in value.items() if not _is_blank(one)}
    if does in DOES:
        kept = {part: one for part, one in kept.items() if part == does or part not in (*DOES, "does")}
        if does not in kept and does != "items":
            shape.problems[f"{name}.{does}"] = "Please fill this in."
        elif does not in kept:
            shape.problems[f"{name}.items"] = "Add an item below it, or choose something else that it does."
    return {part: _deeds(one, f"{name}.{part}", shape) for part, one in kept.items()}


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value == []


def _dicts(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _dicts(part)


def _renamed(place: str, names: Mapping[str, str]) -> str:
    found = next((one for one in names if place == one or place.startswith(f"{one}.")), None)
    return names[found] + place[len(found) :] if found else place
