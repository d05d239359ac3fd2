"""Finds the skill behind an action's name, and the one that can say what an intent would come to."""

from __future__ import annotations

from collections.abc import Mapping

from skills.errors import UnknownActionError
from skills.skill import Action, Ground


class Skills:
    """All skills' actions and groundings; each belongs to one skill, whose memory it gets."""

    def __init__(
        self, actions: Mapping[str, Mapping[str, Action]], grounds: Mapping[str, Mapping[str, Ground]] | None = None
    ) -> None:
        """`actions` maps skill to action name to action, `grounds` skill to intent to what grounds it."""
        self._actions = {name: (skill, action) for skill, named in actions.items() for name, action in named.items()}
        self._grounds = {
            intent: (skill, ground) for skill, named in (grounds or {}).items() for intent, ground in named.items()
        }

    def find(self, name: str) -> tuple[str, Action]:
        """The skill and the action called `name`.

        Raises:
            UnknownActionError: no skill offers it.
        """
        try:
            return self._actions[name]
        except KeyError:
            raise UnknownActionError(f"no skill offers the action {name!r}") from None

    def find_ground(self, intent: str) -> tuple[str, Ground] | None:
        """The skill that grounds an intent, and how; None where the intent alone says all."""
        return self._grounds.get(intent)
