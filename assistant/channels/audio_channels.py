"""What becomes of a sound that plays when another begins: Clova's five audio channels and their one table.

Source: the CLOVA client developer guide, "Rules for basic audio playback" and "Audio playback rules for user
utterances". The page imports `AS_MODULE`, which a test compares with the file it is served from.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class AudioChannel(StrEnum):
    """What kind of sound it is; a sound and what is said along with it are one."""

    ALERT = "alert"
    """Alarms, timers, reminders."""
    CONTENT = "content"
    """What somebody asked to hear: talks, podcasts, concerts."""
    DIALOGUE = "dialogue"
    """An answer."""
    FEEDBACK = "feedback"
    """Tones of the device itself."""
    NOTIFICATION = "notification"
    """News that nobody asked for: a beep, a word about the battery."""


class Fate(StrEnum):
    """What becomes of the sound that plays."""

    CANCEL = "cancel"
    """It stops for good, and the new one plays."""
    DUCK = "duck"
    """It goes on in the background until the new one has ended."""
    QUEUE = "queue"
    """It goes on as it is, and the new one waits for its end."""


def _fate(playing: AudioChannel, beginning: AudioChannel) -> Fate:
    if playing is not beginning:
        return Fate.DUCK
    return Fate.QUEUE if playing is AudioChannel.NOTIFICATION else Fate.CANCEL


FATE: Mapping[AudioChannel, Mapping[AudioChannel, Fate]] = MappingProxyType(
    {
        playing: MappingProxyType({beginning: _fate(playing, beginning) for beginning in AudioChannel})
        for playing in AudioChannel
    }
)
"""By the channel that plays, then by the channel that begins."""

ENDS_LISTENING: frozenset[AudioChannel] = frozenset((AudioChannel.ALERT, AudioChannel.CONTENT, AudioChannel.DIALOGUE))
"""A sound of these channels that begins while somebody is listened to ends the listening; the others play ducked."""

AS_MODULE = f"""\
// Made by `python -m assistant.channels.audio_channels` from that module; a test compares them.
/** What becomes of the sound that plays, by its channel and then by the channel of the one that begins. */
export const FATE = {json.dumps(FATE, default=dict, indent=2)};
/** A sound of these channels that begins while somebody is listened to ends the listening. */
export const ENDS_LISTENING = {json.dumps(sorted(ENDS_LISTENING))};
"""


@dataclass(frozen=True)
class Playing:
    """A sound by its name, on its channel."""

    sound: str
    channel: AudioChannel


@dataclass(frozen=True)
class Mix:
    """What sounds now. Levels follow from it, so that no ducking can outlast its cause: nothing has to be undone.

    `playing` is in the order of beginning. The last of them is in the foreground, unless somebody is being listened
    to: from the first sign of an utterance until it was answered, could not be recognised, or was given up.
    """

    playing: tuple[Playing, ...] = ()
    waiting: tuple[Playing, ...] = ()
    listening: bool = False

    def is_ducked(self, sound: str) -> bool:
        """Whether a sound that plays is in the background."""
        return self.listening or self.playing[-1].sound != sound

    def begin(self, new: Playing) -> Mix:
        """A sound is to begin: it plays now, or waits for its turn."""
        fates = {FATE[old.channel][new.channel] for old in self.playing}
        if Fate.QUEUE in fates:
            return Mix(self.playing, (*self.waiting, new), self.listening)
        kept = tuple(old for old in self.playing if FATE[old.channel][new.channel] is not Fate.CANCEL)
        return Mix((*kept, new), self.waiting, self.listening and new.channel not in ENDS_LISTENING)

    def end(self, sound: str) -> Mix:
        """A sound has ended, was stopped, or is no longer wanted; what waited for it begins."""
        left = Mix(
            tuple(one for one in self.playing if one.sound != sound),
            tuple(one for one in self.waiting if one.sound != sound),
            self.listening,
        )
        for one in left.waiting:
            if all(FATE[old.channel][one.channel] is not Fate.QUEUE for old in left.playing):
                rest = tuple(other for other in left.waiting if other is not one)
                return Mix(left.playing, rest, left.listening).begin(one)
        return left

    def listen(self, listening: bool) -> Mix:
        """Somebody is listened to from now on, or no longer."""
        return Mix(self.playing, self.waiting, listening)


if __name__ == "__main__":
    sys.stdout.write(AS_MODULE)
