"""Gives the names that a browser module declares, and nobody outside sees, short ones; without a grammar.

Every name stands for one other name wherever it stands, so that scopes do not matter: only whether a word is a name at
all, or a property's. That its neighbours and the bracket around it tell. A name that a module uses and does not
declare, as the browser's own are, keeps its length everywhere. So a module may not call a thing of its own by the name
of one of the browser's that it uses as well, nor count down with `--name`, which looks like a custom property.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from itertools import product
from string import ascii_letters, digits
from typing import NamedTuple

NAME = re.compile(r"#?[A-Za-z_$][\w$]*")
_TOKEN = re.compile(r"(?<![\w$])#?[A-Za-z_$][\w$]*|[{}()\[\]]")
_BLOCK = re.compile(r"(?:\)|=>|[;}\n]|\b(?:else|try|finally)|^)\s*\Z")
"""Before a brace around statements; other braces are an object's, or a pattern's."""
_CLASS = re.compile(r"\bclass\b[^{}();]*\Z")
_MEMBER = re.compile(r"(?:[{};\n]|\b(?:get|set|static|async)) *\Z")
"""Before the name of a field or a method."""
_DECLARED = (
    re.compile(r"\b(?:let|const) (\{[^=]*?\}|\[[^=]*?\]|\w+) ?(?:=|of|;)"),
    re.compile(r"(?<!if )(?<!for )(?<!while )(?<!switch )\(((?:[^()]|\([^()]*\))*)\) (?:=>|\{)"),
    re.compile(r"(?<![\w$.])(\w+) =>"),
    re.compile(r"\b(?:function|class) (\w+)"),
    re.compile(r"\bcatch \((\w+)\)"),
    re.compile(r"^import \{([^}]*)\}", re.MULTILINE),
)
_KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        """as async await break case catch class const continue default delete do else export extends false finally for
        from function get if import in instanceof let new null of return set static super switch this throw true try
        typeof undefined var void while yield""",
    )
)
_CUSTOM = re.compile(r"(?<![\w-])--(?!sori-)[a-z]+(?:-[a-z]+)*")
_FILLED = re.compile(r"\$\{[^}]*\}")
_IN_FILLED = re.compile(r'"[^"]*"|(?<![\w$.])[A-Za-z_$][\w$]*')


NEAR = 40
"""Characters in which a word's neighbours are, white space between them included."""


class _Role(Enum):
    NAME = 0
    PROPERTY = 1
    BOTH = 2
    """`{ a }`: the property `a`, and the name that its value has or gets."""


class _Word(NamedTuple):
    begin: int
    end: int
    text: str
    role: _Role


def declared_in(text: str) -> set[str]:
    """The names that a module declares, with some that it only uses beside a declaration."""
    found = {name for one in _DECLARED for match in one.finditer(text) for name in NAME.findall(match[1])}
    return found - _KEYWORDS


def used_in(code: str) -> set[str]:
    """The names in a module's code, whoever declares them."""
    return {one.text for one in _words(code) if one.role is not _Role.PROPERTY} - _KEYWORDS


def shortened(parts: Sequence[tuple[str, bool]], names: Iterable[str]) -> str:
    """The module, of which `parts` say what is code, with short names for these and for private fields."""
    code = "\0".join(part for part, is_code in parts if is_code)
    words = list(_words(code))
    free = Counter(one.text for one in words if one.role is _Role.NAME)
    both = Counter(one.text for one in words if one.role is _Role.BOTH)
    private = Counter(one.text for one in words if one.text.startswith("#"))
    # A property that is short for its value's name has to be written out once that name is another one.
    worth = {name for name in names if (len(name) - 1) * free[name] > 3 * both[name]}
    hidden = [name for name, _ in (free + both).most_common() if name in worth]
    short = dict(zip(hidden, _short_names((free + both).keys() - worth), strict=False))
    fields = dict(zip((name for name, _ in private.most_common()), _short_names(()), strict=False))
    pieces = iter("".join(_renamed(code, words, short, fields)).split("\0"))
    return "".join(next(pieces) if is_code else _filled(part, short) for part, is_code in parts)


def custom_shortened(module: str) -> str:
    """The same for custom properties of our own style sheet; sites set those that begin with `--sori-`."""
    names = [name for name, _ in Counter(_CUSTOM.findall(module)).most_common()]
    short = dict(zip(names, (f"--{new}" for new in _short_names(())), strict=False))
    return _CUSTOM.sub(lambda found: short[found[0]], module)


def _renamed(code: str, words: Iterable[_Word], short: dict[str, str], fields: dict[str, str]) -> Iterator[str]:
    at = 0
    for begin, end, text, role in words:
        new = f"#{fields[text]}" if text in fields else None if role is _Role.PROPERTY else short.get(text)
        if new:
            yield code[at:begin] + (f"{text}:{new}" if role is _Role.BOTH else new)
            at = end
    yield code[at:]


def _filled(literal: str, short: dict[str, str]) -> str:
    """A literal; in what is filled into a template, names are as everywhere."""
    if not literal.startswith("`"):
        return literal
    return _FILLED.sub(lambda part: _IN_FILLED.sub(lambda name: short.get(name[0], name[0]), part[0]), literal)


def _short_names(taken: Iterable[str]) -> Iterator[str]:
    """Names that are free, the shortest first."""
    avoided = {*taken, *_KEYWORDS}
    names = (*ascii_letters, *map("".join, product(ascii_letters, ascii_letters + digits)))
    return (name for name in names if name not in avoided)


def _words(code: str) -> Iterator[_Word]:
    around: list[str] = []
    for found in _TOKEN.finditer(code):
        text, begin, end = found[0], found.start(), found.end()
        if text == "{":
            before = code[max(0, begin - 200) : begin]
            around.append("class" if _CLASS.search(before) else "block" if _BLOCK.search(before) else "object")
        elif text in "([":
            around.append(text)
        elif text in ")]}":
            if around:
                around.pop()
        else:
            yield _Word(begin, end, text, _role(code, begin, end, around[-1] if around else ""))


def _role(code: str, begin: int, end: int, around: str) -> _Role:
    before, after = code[max(0, begin - NEAR) : begin].rstrip()[-3:], code[end : end + NEAR].lstrip()
    if before.endswith(".") and before != "...":
        return _Role.PROPERTY
    if around == "class" and _MEMBER.search(code, max(0, begin - NEAR), begin):
        return _Role.PROPERTY
    if around == "object" and before[-1:] in ("{", ","):
        if after[:1] in (":", "("):
            return _Role.PROPERTY
        if after[:1] in (",", "}") or (after[:1] == "=" and after[1:2] not in ("=", ">")):
            return _Role.BOTH
    return _Role.NAME
