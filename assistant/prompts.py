"""The service's own sentences, read from prompts.yml: a few variants of each, which take turns."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter

FILE = Path(__file__).with_suffix(".yml")

_Prompts = TypeAdapter(dict[str, tuple[str, ...]])


def prompt(name: str, turn: int, **parts: str) -> str:
    """The wording of a prompt in this turn of a conversation, with its parts filled in."""
    variants = _prompts()[name]
    return variants[turn % len(variants)].format(**parts)


@cache
def _prompts() -> dict[str, tuple[str, ...]]:
    return _Prompts.validate_python(yaml.safe_load(FILE.read_text(encoding="utf-8")))
