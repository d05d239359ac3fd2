"""The media skill's actions on the scenes of what plays: leafing through a video aloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from skills.media import phrases
from skills.media.answers import NO_PLAYER, answer, direct
from skills.media.library import MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.playback import NOTHING_PLAYS
from skills.media.scene_words import scene_step
from skills.media.slides.scene import Scene, scene_at
from skills.player import Seek
from skills.skill import Action, ActionRequest, ActionResult

WORDS_SAID = 8
"""Of what is said in a scene: enough to know it by."""


class SceneActions:
    """Goes from scene to scene. Stateless: which one is on, the player's report says."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library

    def by_name(self) -> Mapping[str, Action]:
        """The actions under the names that the dialogue's domain gives them."""
        return {"action_media_scene": self.scene}

    async def scene(self, request: ActionRequest) -> ActionResult:
        """To the next scene, the one before, this one again, or one by its number; or say which it is."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        if player is None:
            return answer(request, memory, NO_PLAYER)
        if player.item is None or not player.is_loaded:
            return answer(request, memory, NOTHING_PLAYS)
        scenes = self._library.scenes(player.item)
        if not scenes:
            return answer(request, memory, phrases.NO_SCENES)
        present = scene_at(scenes, player.position_ms)
        step = scene_step(request.understanding.text)
        if step is None:
            return answer(request, memory, f"This is {_told(scenes, present)}")
        place = step.place(present, len(scenes))
        if place is None:
            return answer(request, memory, _no_such(step.by, len(scenes)))
        speech = f"S{_told(scenes, place)[1:]}"
        return direct(request, memory, speech, Seek(position_ms=scenes[place].start_ms))


def _told(scenes: Sequence[Scene], place: int) -> str:
    """A scene by its number and its first words: "scene 4 of 12: Now look at the map."."""
    words = scenes[place].text.split()
    said = " ".join(words[:WORDS_SAID]).rstrip(" .,;:!?…-")
    end = "…" if len(words) > WORDS_SAID else "."
    return f"scene {place + 1} of {len(scenes)}{f': {said}{end}' if said else '.'}"


def _no_such(by: int, count: int) -> str:
    if by:
        return "This is the last scene." if by > 0 else "This is the first scene."
    return f"It has only {count} scenes." if count > 1 else "It is all one scene."
