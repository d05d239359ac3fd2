"""Variables in what a shop says: {customer_name}, or {customer_name|there} with what stands there instead. Pure.

A template is plain text with variables of a closed list between braces. There is nothing else to it: no nesting, no
conditions, no escapes. What a variable holds is text and is never read as a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

VALUE_MAX = 200
"""Characters of what a variable holds that are shown."""
TOLD_MAX = 50
"""Problems of one text that are told."""


@dataclass(frozen=True)
class Variable:
    """Something that is filled in when an answer is given."""

    meaning: str
    example: str
    otherwise: str
    """What stands there where nothing is known and the text has no fallback."""
    sometimes: bool = False
    """Known of some customers or pages only."""


VARIABLES: Mapping[str, Variable] = {
    "customer_name": Variable("The customer's first name", "Ada", "there", sometimes=True),
    "order_number": Variable("The number of the customer's last order", "NF-1042", "your order", sometimes=True),
    "order_status": Variable("Where the customer's last order is", "on its way", "not known to me", sometimes=True),
    "product_name": Variable("The product on the page", "Trail Boots", "this product", sometimes=True),
    "product_price": Variable("Its price", "$89.00", "the price on its page", sometimes=True),
    "delivery_days": Variable("How long your usual delivery takes", "3 to 5 working days", "some days"),
    "delivery_price": Variable("What your usual delivery costs", "$6.90", "what the checkout shows"),
    "free_delivery_from": Variable("From which sum it is free", "$75.00", "a certain sum", sometimes=True),
    "return_days": Variable("How long goods can be sent back", "30 days", "some time"),
    "opening_hours": Variable("When your people answer", "Monday to Friday 9:00 am to 5:00 pm", "our usual hours"),
    "shop_name": Variable("The name of your shop", "Nordfell", "our shop"),
    "shop_email": Variable("Your shop's e-mail address", "help@nordfell.example", "our e-mail address"),
}
"""All that there is, by name."""


@dataclass(frozen=True)
class Problem:
    """Something in a template that has to be mended, or should be: where, counted from 0, and a sentence."""

    at: int
    length: int
    text: str


@dataclass(frozen=True)
class _Use:
    at: int
    raw: str
    name: str
    fallback: str | None


_USE = re.compile(r"\{([^{}|]*)(?:\|([^{}]*))?\}")
_BRACE = re.compile(r"[{}]")
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\s]+")


def render(text: str, values: Mapping[str, str]) -> str:
    """The text with every variable filled in: by its value, else by its fallback, else by neutral words.

    Never fails: what is no variable stays as it is written.
    """
    return "".join(_filled(part, values) if isinstance(part, _Use) else part for part in _parts(text))


def variables(text: str) -> list[str]:
    """The names of the variables in a text, each once, in their order."""
    return list(dict.fromkeys(part.name for part in _parts(text) if isinstance(part, _Use)))


def problems(text: str) -> list[Problem]:
    """What is wrong with a text as a template, the first things in its order; nothing where it can be saved."""
    return list(islice(_problems(text), TOLD_MAX))


def advice(text: str) -> list[Problem]:
    """Variables that are not known of everybody and have no fallback, the first ones."""
    found = (
        Problem(part.at, len(part.raw), _without(part.name))
        for part in _parts(text)
        if isinstance(part, _Use) and part.fallback is None and VARIABLES[part.name].sometimes
    )
    return list(islice(found, TOLD_MAX))


def place(text: str, at: int) -> str:
    """A place in a text in words: "line 2, character 5", or only the character where there is one line."""
    line, column = text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
    return f"line {line}, character {column}" if "\n" in text else f"character {column}"


def _parts(text: str) -> Iterator[str | _Use]:
    end = 0
    for found in _USE.finditer(text):
        name, fallback = found[1].strip(), found[2]
        if name in VARIABLES and not _is_braced(text, found):
            yield text[end : found.start()]
            yield _Use(found.start(), found[0], name, None if fallback is None else fallback.strip())
            end = found.end()
    yield text[end:]


def _filled(part: _Use, values: Mapping[str, str]) -> str:
    if value := _UNSHOWN.sub(" ", values.get(part.name, "")).strip():
        return value[:VALUE_MAX]
    return part.fallback if part.fallback is not None else VARIABLES[part.name].otherwise


def _problems(text: str) -> Iterator[Problem]:
    closed, inside = _closed(text), -1
    for found in _BRACE.finditer(text):
        at, end = found.start(), closed.get(found.start())
        if at < inside:
            continue
        if found[0] == "}":
            yield Problem(at, 1, f"At {place(text, at)} a brace closes that nothing opens.")
        elif end is None:
            yield Problem(at, 1, f"The brace at {place(text, at)} is not closed: write {{shop_name}}, for example.")
        elif "{" in text[at + 1 : end]:
            yield Problem(at, end - at, _nested(text, at))
        elif wrong := _wrong(text[at:end]):
            yield Problem(at, end - at, f"At {place(text, at)}: {wrong}")
        inside = end or at + 1


def _closed(text: str) -> dict[int, int]:
    """Where each brace that is closed opens, and the place behind its end."""
    opened: list[int] = []
    closed: dict[int, int] = {}
    for found in _BRACE.finditer(text):
        if found[0] == "{":
            opened.append(found.start())
        elif opened:
            closed[opened.pop()] = found.end()
    return closed


def _nested(text: str, at: int) -> str:
    if text.startswith("{{", at):
        return f"At {place(text, at)} there are two braces: one on each side is enough, as in {{shop_name}}."
    return f"At {place(text, at)} a variable stands within another one. A fallback is plain words."


def _wrong(raw: str) -> str:
    """Why something between braces is no variable; empty where it is one."""
    name = raw[1:-1].partition("|")[0].strip()
    if name in VARIABLES:
        return ""
    if not name:
        return "there is no variable between the braces."
    near = get_close_matches(name.lower().replace(" ", "_"), VARIABLES, 1, 0.6)
    hint = f" Did you mean {{{near[0]}}}?" if near else f" There are {', '.join(VARIABLES)}."
    return f"there is no variable called \u201c{name[:40]}\u201d.{hint}"


def _is_braced(text: str, found: re.Match[str]) -> bool:
    """Whether a use stands within other braces, and so is none."""
    return text.endswith("{", 0, found.start()) or text.startswith("}", found.end())


def _without(name: str) -> str:
    return f"Not every customer has {{{name}}}. Say what stands there instead: {{{name}|{VARIABLES[name].otherwise}}}."
