"""The assistant's fixed sentences, from the same domain files that Rasa is trained on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from assistant.errors import StartError


class Wording:
    """Variants of each response by name; which one is said follows the turn's number, never chance."""

    def __init__(self, domain: Path) -> None:
        self._variants: dict[str, list[str]] = {}
        for path in sorted(domain.rglob("*.yml")):
            try:
                responses = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("responses") or {}
                self._variants |= {
                    name: [variant["text"] for variant in variants] for name, variants in responses.items()
                }
            except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
                raise StartError(f"{path} is not a Rasa domain file: {error}") from error

    def render(self, name: str, turn: int, values: Mapping[str, str] | None = None) -> str:
        """The variant of response `name` for the `turn`-th turn, with `{slot}` filled in.

        Raises:
            KeyError: there is no such response.
        """
        variants = self._variants[name]
        text = variants[turn % len(variants)]
        for slot, value in (values or {}).items():
            text = text.replace(f"{{{slot}}}", value)
        return text
