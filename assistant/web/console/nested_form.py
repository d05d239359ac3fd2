"""Forms with parts that repeat, which work without script: fields are called `buttons.0.label`, and a button that adds,
removes or moves a part sends the whole form, which comes back changed and unsaved. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

NAMES_MAX = 3_000
DEPTH_MAX = 9
PARTS_MAX = 200
"""Of one list."""

_PART = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,59}|\d{1,4}", re.ASCII)
_CHANGE = re.compile(r"(add|remove|up|down|copy|move):([A-Za-z0-9_.-]{1,200})(?::(\d{1,4}))?", re.ASCII)

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Sheet:
    """What stands in such a form, as it was typed, with a sentence for each part that is wrong."""

    data: dict[str, Any]
    problems: Mapping[str, str] = field(default_factory=dict)
    """By the field's name."""
    focus: str = ""
    """The part that was just added or moved."""

    def at(self, name: str) -> Any:
        """What stands at a name; None where nothing does."""
        return _find(self.data, _path(name))

    def text(self, name: str) -> str:
        """As a control shows it."""
        value = self.at(name)
        return "" if value is None or isinstance(value, dict | list | bool) else str(value)

    def ticked(self, name: str, value: str = "yes") -> bool:
        """Whether a box is ticked: one of its own, or one of several that share the name `name[]`."""
        kept = self.at(name.removesuffix("[]"))
        return value in map(str, kept) if isinstance(kept, list | tuple) else kept is True or kept == value

    def parts(self, name: str) -> list[str]:
        """The names of a list's parts, in their order."""
        kept = self.at(name)
        return [f"{name}.{number}" for number in range(len(kept))] if isinstance(kept, list | tuple) else []

    def problem(self, name: str) -> str:
        """What is wrong there; empty where nothing is."""
        return self.problems.get(name, "")

    def problems_within(self, name: str) -> bool:
        """Whether anything is wrong at a name or below it."""
        return any(one == name or one.startswith(f"{name}.") for one in self.problems)


def nested(fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Read fields into dicts and lists. Numbers in names order a list and leave no gaps; `days[]` keeps all its values.

    Names that make no sense, and more than a form has, are left out.
    """
    root: dict[str | int, Any] = {}
    for name, values in list(fields.items())[:NAMES_MAX]:
        many = name.endswith("[]")
        path = _path(name.removesuffix("[]"))
        if path and values:
            _put(root, path, list(values) if many else values[-1])
    gathered = _gathered(root)
    return gathered if isinstance(gathered, dict) else {}


def changed(data: dict[str, Any], asked: str) -> Sheet | None:
    """The form after `add:buttons`, `remove:buttons.1`, `up:buttons.1`, `down:...`, `copy:...` or `move:buttons.3:0`
    (to the first place); None for anything else.
    """
    found = _CHANGE.fullmatch(asked)
    path = _path(found[2]) if found else ()
    if not found or not path:
        return None
    data = deepcopy(data)
    if found[1] == "add":
        return Sheet(data, focus=_added(data, path))
    parts, number = _find(data, path[:-1]), path[-1]
    if not isinstance(parts, list) or not isinstance(number, int) or number >= len(parts):
        return Sheet(data)
    moves = {"remove": number, "copy": number, "up": number - 1, "down": number + 1, "move": int(found[3] or number)}
    to = min(max(moves[found[1]], 0), len(parts) - 1)
    if found[1] == "copy" and len(parts) < PARTS_MAX:
        parts.insert(to := number + 1, deepcopy(parts[number]))
    elif found[1] != "copy":
        part = parts.pop(number)
        if found[1] != "remove":
            parts.insert(to, part)
    return Sheet(data, focus=named((*path[:-1], min(to, len(parts) - 1))) if parts else "")


def without_blanks(data: Any, but: Collection[str] = ()) -> Any:
    """Without the parts of lists that nothing was written into: rows that somebody added and left. Of the fields `but`
    something is always chosen.
    """
    if isinstance(data, dict):
        return {name: without_blanks(value, but) for name, value in data.items()}
    if isinstance(data, list):
        return [without_blanks(part, but) for part in data if not _blank(part, but)]
    return data


def named(location: Iterable[str | int]) -> str:
    """The field's name of a place in the data, as pydantic tells it."""
    return ".".join(str(part) for part in location)


def _added(data: dict[str, Any], path: Path) -> str:
    parts = _find(data, path)
    if not isinstance(parts, list):
        holder = _find(data, path[:-1])
        if not isinstance(holder, dict) or not isinstance(path[-1], str):
            return ""
        parts = holder[path[-1]] = []
    if len(parts) < PARTS_MAX:
        parts.append({})
    return f"{named(path)}.{len(parts) - 1}"


def _path(name: str) -> Path:
    parts = name.split(".")
    if len(parts) > DEPTH_MAX or not all(map(_PART.fullmatch, parts)):
        return ()
    return tuple(int(part) if part.isdigit() else part for part in parts)


def _find(data: Any, path: Path) -> Any:
    for part in path:
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list | tuple) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data


def _put(root: dict[str | int, Any], path: Path, value: Any) -> None:
    for part in path[:-1]:
        root = root.setdefault(part, {})
        if not isinstance(root, dict):
            return
    root.setdefault(path[-1], value)


def _gathered(data: Any) -> Any:
    """Dicts whose names are all numbers are lists."""
    if not isinstance(data, dict):
        return data
    if data and all(isinstance(name, int) for name in data):
        return [_gathered(data[number]) for number in sorted(data)][:PARTS_MAX]
    return {name: _gathered(value) for name, value in data.items() if isinstance(name, str)}


def _blank(part: Any, but: Collection[str]) -> bool:
    if isinstance(part, dict):
        return all(name in but or _blank(one, but) for name, one in part.items())
    if isinstance(part, list):
        return all(_blank(one, but) for one in part)
    return part is None or not str(part).strip()
