"""Finds the skill behind an action's name."""

from __future__ import annotations

from collections.abc import Mapping

from skills.errors import UnknownActionError
from skills.skill import Action


class Skills:
    """All skills' actions; each action belongs to one skill, whose memory it gets."""

    def __init__(self, actions: Mapping[str, Mapping[str, Action]]) -> None:
        """`actions` maps skill to action name to action."""
        self._actions = {name: (skill, action) for skill, named in actions.items() for name, action in named.items()}

    def find(self, name: str) -> tuple[str, Action]:
        """The skill and the action called `name`.

        Raises:
            UnknownActionError: no skill offers it.
        """
        try:
            return self._actions[name]
        except KeyError:
            raise UnknownActionError(f"no skill offers the action {name!r}") from None
