"""The media skill's actions on what plays: each from a request to a directive for the player, or to why not."""

from __future__ import annotations

from collections.abc import Mapping

from skills.media import phrases, steering
from skills.media.answers import NO_PLAYER, Answers, answer, direct
from skills.media.catalogue import Item
from skills.media.library import MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.scene_words import names_scene
from skills.media.slides.scene import scene_at
from skills.player import (
    Ability,
    Enqueue,
    Part,
    Playback,
    PlayerState,
    Repeat,
    Seek,
    SetRepeat,
    SetShuffle,
    SetSleep,
    SetSpeed,
    SetVolume,
)
from skills.skill import Action, ActionRequest, ActionResult

VOLUME_STEP = 15
"""Percent."""

NOTHING_PLAYS = "Nothing is playing."

TITLES_SAID = 3
"""Of a queue: more are shown, not said."""


class PlaybackActions:
    """Steers the player. Stateless, and everything it says of the player is what the player has reported."""

    def __init__(self, library: MediaLibrary) -> None:
        self._library = library
        self._answers = Answers(library)

    def by_name(self) -> Mapping[str, Action]:
        """The actions under the names that the dialogue's domain gives them."""
        return {
            "action_media_volume": self.volume,
            "action_media_now_playing": self.now_playing,
            "action_media_seek": self.seek,
            "action_media_speed": self.speed,
            "action_media_repeat": self.repeat,
            "action_media_shuffle": self.shuffle,
            "action_media_show_queue": self.show_queue,
            "action_media_clear_queue": self.clear_queue,
            "action_media_sleep": self.sleep,
        }

    async def volume(self, request: ActionRequest) -> ActionResult:
        """Louder, quieter, or a percentage."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        if player is None:
            return answer(request, memory, "There is no player here whose volume I could change.")
        volume = _new_volume(request, player)
        if volume == player.volume:
            speech = {0: "It is silent already.", 100: "That is as loud as it goes."}.get(
                volume, f"It is at {volume} percent already."
            )
            return answer(request, memory, speech)
        return direct(request, memory, f"Volume {volume} percent.", SetVolume(volume=volume))

    async def now_playing(self, request: ActionRequest) -> ActionResult:
        """What the player reports, never what was merely asked of it."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        item = self._loaded(player)
        if player is None or item is None:
            return answer(request, memory, NOTHING_PLAYS)
        state = "This is" if player.state is Playback.PLAYING else "Paused is"
        timer = f" {_timer(player)}" if player.sleep else ""
        return self._answers.items(
            request, memory, f"{state} {phrases.named(item)}{self._to_go(item, player)}.{timer}", [item]
        )

    async def seek(self, request: ActionRequest) -> ActionResult:
        """Go on from another place: by a time, to a time, from the beginning."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        move = steering.move(request.understanding.text)
        moments, loaded = memory.moments, player if player and player.is_loaded else None
        if moments and move.by_ms < 0 and steering.is_before(request.understanding.text):
            begin_ms = max(0, moments.current.start_ms + move.by_ms)
            item = self._library.items.get(moments.current.item)
            memory = memory.model_copy(update={"moments": moments.moved(begin_ms)})
            if loaded and moments.is_at(loaded.item, loaded.position_ms):
                return direct(request, memory, f"Going to {phrases.place(begin_ms)}.", Seek(position_ms=begin_ms))
            if loaded is None and item:
                return self._answers.start(request, memory, item)
        if player is None or not player.is_loaded:
            current = self._library.items.get(player.item) if player and player.item else None
            if current is None or move.to_ms is None:
                return answer(request, memory, NO_PLAYER if player is None else NOTHING_PLAYS)
            begin_ms = move.target_ms(0, player.ends_at_ms if player else None)
            return self._answers.start(request, memory, current, begin_ms=begin_ms)
        target = move.target_ms(player.position_ms, player.ends_at_ms)
        if player.ends_at_ms is not None and target >= player.ends_at_ms:
            return answer(request, memory, f"It ends at {phrases.place(player.ends_at_ms)}.")
        speech = "From the beginning." if target == 0 else f"Going to {phrases.place(target)}."
        return direct(request, memory, speech, Seek(position_ms=target))

    async def speed(self, request: ActionRequest) -> ActionResult:
        """Faster, slower, or a speed."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        present = player.speed if player else 1.0
        speed = steering.speed(request.understanding.text, present)
        if names_scene(request.understanding.text):
            return self._scene_speed(request, memory, speed)
        if player and Ability.SPEED in player.can and speed == present:
            return answer(request, memory, f"It is at {phrases.speed(speed)} already.")
        return direct(request, memory, f"{phrases.speed(speed).capitalize()}.", SetSpeed(speed=speed))

    def _scene_speed(self, request: ActionRequest, memory: MediaMemory, speed: float) -> ActionResult:
        """The present scene alone, faster or slower."""
        player = request.utterance.player
        scenes = self._library.scenes(player.item) if player and player.item and player.is_loaded else ()
        if player is None or not scenes:
            why = phrases.NO_SCENES if player and player.is_loaded else NOTHING_PLAYS if player else NO_PLAYER
            return answer(request, memory, why)
        scene = scenes[scene_at(scenes, player.position_ms)]
        within = Part(begin_ms=scene.start_ms, end_ms=scene.end_ms)
        speech = f"{phrases.speed(speed).capitalize()}, for this scene."
        return direct(request, memory, speech, SetSpeed(speed=speed, within=within))

    async def repeat(self, request: ActionRequest) -> ActionResult:
        """Repeat this, or all, or stop repeating."""
        memory, repeat = MediaMemory.read(request.memory), steering.repeat(request.understanding.text)
        return direct(request, memory, _REPEATING[repeat], SetRepeat(repeat=repeat))

    async def shuffle(self, request: ActionRequest) -> ActionResult:
        """Mix the queue, or not."""
        memory, shuffle = MediaMemory.read(request.memory), steering.shuffle(request.understanding.text)
        speech = "Shuffling the queue." if shuffle else "No longer shuffling."
        return direct(request, memory, speech, SetShuffle(shuffle=shuffle))

    async def show_queue(self, request: ActionRequest) -> ActionResult:
        """What comes next: the player's queue, or the next of the last search."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        queued = [self._library.items[one] for one in player.queue if one in self._library.items] if player else []
        if not queued:
            following = self._library.items.get(memory.following or "")
            rest = f" Say next for {phrases.named(following)}." if following else ""
            return answer(request, memory, f"The queue is empty.{rest}")
        then = [phrases.name(item.title) for item in queued[1:TITLES_SAID]]
        more = len(queued) - TITLES_SAID
        speech = f"Next is {phrases.named(queued[0])}."
        speech += f" Then {phrases.listed(then)}" + (f", and {more} more." if more > 0 else ".") if then else ""
        cards = tuple(self._library.card(item) for item in queued)
        return answer(request, memory, speech, cards=cards)

    async def clear_queue(self, request: ActionRequest) -> ActionResult:
        """Nothing comes next."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        if player and not player.queue:
            return answer(request, memory, "The queue is empty already.")
        return direct(request, memory, "Clearing the queue.", Enqueue(items=(), place="only"))

    async def sleep(self, request: ActionRequest) -> ActionResult:
        """Set the sleep timer, cancel it, or say how long it has left."""
        memory, player = MediaMemory.read(request.memory), request.utterance.player
        if player is None:
            return answer(request, memory, NO_PLAYER)
        if request.understanding.intent == "ask_sleep_timer":
            return answer(request, memory, _timer(player) if player.sleep else "There is no sleep timer.")
        if request.understanding.intent == "cancel_sleep_timer":
            if not player.sleep:
                return answer(request, memory, "There is no sleep timer.")
            return direct(request, memory, "Cancelling the sleep timer.", SetSleep(sleep=None))
        sleep = steering.sleep(request.understanding.text)
        if sleep is None:
            speech = "When shall it stop? Say, for instance: stop in twenty minutes."
            return answer(request, memory, speech, expects_reply=True)
        when = "at the end of this" if sleep.in_ms is None else f"in {phrases.duration(sleep.in_ms // 1000)}"
        return direct(request, memory, f"Pausing {when}.", SetSleep(sleep=sleep))

    def _loaded(self, player: PlayerState | None) -> Item | None:
        return self._library.items.get(player.item) if player and player.item and player.is_loaded else None

    def _to_go(self, item: Item, player: PlayerState) -> str:
        recording = self._library.recording(item.id)
        known = item.duration_s * 1000 if recording and recording.complete else None
        ends_at_ms = player.ends_at_ms if player.ends_at_ms is not None else known
        left = (ends_at_ms or 0) - player.position_ms
        return f", with {phrases.duration(left // 1000)} to go" if left >= 1000 else ""


_REPEATING = {
    Repeat.ONE: "Repeating this one.",
    Repeat.ALL: "Repeating everything.",
    Repeat.OFF: "No longer repeating.",
}


def _timer(player: PlayerState) -> str:
    sleep = player.sleep
    if sleep is None or sleep.in_ms is None:
        return "It pauses at the end of this."
    return f"It pauses in {phrases.duration(sleep.in_ms // 1000)}."


def _new_volume(request: ActionRequest, player: PlayerState) -> int:
    understanding = request.understanding
    named = steering.volume(understanding.value("volume") or understanding.text)
    if named is not None and understanding.intent == "set_volume":
        return named
    step = VOLUME_STEP if understanding.intent != "quieter" else -VOLUME_STEP
    return max(0, min(100, player.volume + step))
