"""Finds the skill behind an action, a tap or a wording, and the one that can say what an intent would come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from skills.errors import UnknownActionError
from skills.face import Face
from skills.skill import Action, Ground, Words

Found = TypeVar("Found")


class Skills:
    """All skills' actions, taps, groundings and words; each belongs to one skill, whose memory it gets.

    Where several skills have one of the same name, that of the face's own skill is taken.
    """

    def __init__(
        self,
        actions: Mapping[str, Mapping[str, Action]],
        grounds: Mapping[str, Mapping[str, Ground]] | None = None,
        taps: Mapping[str, Mapping[str, Action]] | None = None,
        words: Mapping[str, Words] | None = None,
        before: Mapping[str, Action] | None = None,
    ) -> None:
        """`actions` maps skill to action name to action, `grounds` skill to intent to what grounds it, `taps` skill to
        a tap's name to what it does, `words` skill to what words the dialogue's responses, `before` skill to what is
        asked before anything is understood: without a reply, it is understood.
        """
        self._actions = actions
        self._grounds = grounds or {}
        self._taps = taps or {}
        self._words = words or {}
        self._before = before or {}

    def find(self, name: str, face: Face) -> tuple[str, Action]:
        """The skill and the action called `name`.

        Raises:
            UnknownActionError: no skill offers it.
        """
        return _found(self._actions, name, face)

    def find_tap(self, name: str, face: Face) -> tuple[str, Action]:
        """The skill and what a tap of this name does; raises UnknownActionError."""
        return _found(self._taps, name, face)

    def find_ground(self, intent: str, face: Face) -> tuple[str, Ground] | None:
        """The skill that grounds an intent, and how; None where the intent alone says all.

        Only the face's own skill does: "the second one" in a shop is not weighed by what the player has on its shelf.
        """
        ground = self._grounds.get(face.skill, {}).get(intent)
        return (face.skill, ground) if ground else None

    def before(self, face: Face) -> tuple[str, Action] | None:
        """The skill that is asked before anything is understood at this face, and how; None where there is none."""
        action = self._before.get(face.skill)
        return (face.skill, action) if action else None

    def words(self, face: Face) -> Words | None:
        """What words responses at this face; None where the dialogue's own are said."""
        return self._words.get(face.skill)


def _found(by_skill: Mapping[str, Mapping[str, Found]], name: str, face: Face) -> tuple[str, Found]:
    for skill in (face.skill, *by_skill):
        if (one := by_skill.get(skill, {}).get(name)) is not None:
            return skill, one
    raise UnknownActionError(f"no skill offers {name!r}")
