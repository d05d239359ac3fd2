"""What a shop's keys may be good for, in its people's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.storage.api_keys import agent_of, answers_of, shop_scope


@dataclass(frozen=True)
class KeyScope:
    """One thing that keys may do; `scope` is what stands in the key of a shop."""

    label: str
    hint: str
    scope: Callable[[str], str]


SCOPES = {
    "shop": KeyScope("Products", "Your shop system sends and changes products.", shop_scope),
    "answers": KeyScope(
        "Answers and numbers",
        "A program changes and publishes answers, and reads numbers and conversations.",
        answers_of,
    ),
    "agent": KeyScope("Conversations", "A person, or your help desk, answers customers in the chat.", agent_of),
}


def explained(scopes: Iterable[str]) -> str:
    """The labels of a key's scopes."""
    kinds = [scope.partition(":")[0] for scope in scopes]
    return ", ".join(SCOPES[kind].label if kind in SCOPES else kind for kind in kinds)
