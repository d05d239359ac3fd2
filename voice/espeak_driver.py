"""A pyttsx3 driver that loses no speech: eSpeak NG in synchronous mode, PCM handed over as it is made.

The stock driver returns before synthesis ends, loses property changes and swallows errors. Here `runAndWait` does all
that was queued, in order; what goes wrong reaches pyttsx3's `error` topic, and nothing is then spoken in the wrong
voice. There is no loudspeaker: sound goes to the `listener`.
"""

from __future__ import annotations

import re
import sys
import types
import wave
from pathlib import Path
from typing import Any

from voice.errors import SynthesisError
from voice.espeak import Sink, library

DRIVER_NAME = "synchronous_espeak"
RATES = (80, 450)
"""Words per minute eSpeak keeps to; outside it bends the value silently."""

_VOICE = re.compile(r"[A-Za-z0-9-]{2,40}(\+[A-Za-z0-9]{1,40})?")


class SynchronousEspeakDriver:
    """The driver interface of pyttsx3; set `listener` before speaking to receive the sound."""

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._library = library()
        self._properties: dict[str, Any] = {}
        self._jobs: list[tuple[str, str | None]] = []
        self._speaking = False
        self._stopped = False
        self._failed = False
        self.listener: Sink | None = None
        for name, value in (("voice", "en-us"), ("rate", 175), ("volume", 1.0)):
            self.setProperty(name, value)

    @property
    def sample_rate(self) -> int:
        """Samples per second of the sound."""
        return self._library.rate

    def say(self, text: str) -> None:
        """Queue text for the listener."""
        self._jobs.append((text, None))

    def save_to_file(self, text: str, filename: str) -> None:
        """Queue text for a WAV file."""
        self._jobs.append((text, filename))

    def stop(self) -> None:
        """End the speech under way at its next buffer, and all behind it; pyttsx3 also calls this before the first."""
        self._stopped = self._speaking

    def getProperty(self, name: str) -> Any:  # noqa: N802 - pyttsx3's name
        """`voice`, `rate` (words per minute) or `volume` (0 to 1); KeyError for another name."""
        return self._properties[name]

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802 - pyttsx3's name
        """Set a property at once; SynthesisError for a value eSpeak cannot honour, KeyError for an unknown name."""
        self._failed = True  # until the value has been taken
        if name == "voice":
            if not _VOICE.fullmatch(str(value)):  # a name can be a path for eSpeak
                raise SynthesisError("voice_unknown", f"{value!r} is no name of a voice", retryable=False)
            self._library.set_voice(str(value))
        elif name == "rate":
            if not RATES[0] <= value <= RATES[1]:
                raise SynthesisError("speech_option", f"The rate must be {RATES[0]} to {RATES[1]}", retryable=False)
            self._library.set_rate(int(value))
        elif name == "volume":
            if not 0.0 <= value <= 1.0:
                raise SynthesisError("speech_option", "The volume must be 0 to 1: more would clip", retryable=False)
            self._library.set_volume(round(100 * value))
        else:
            raise KeyError(name)
        self._properties[name] = value
        self._failed = False

    def startLoop(self) -> None:  # noqa: N802 - pyttsx3's name
        """Run everything queued, then return."""
        self._stopped = False
        self._proxy.setBusy(False)  # pyttsx3 now hands over the queued properties and texts, in order
        jobs, self._jobs = self._jobs, []
        for text, filename in jobs:
            if self._stopped or self._failed:
                break
            self._speaking = True
            try:
                self._speak(text, filename)
            except (SynthesisError, OSError) as error:
                self._proxy.notify("error", exception=error)
            finally:
                self._speaking = False
        self._failed = False

    def endLoop(self) -> None:  # noqa: N802 - pyttsx3's name
        """Part of the interface; the loop ends by itself."""

    def iterate(self) -> Any:
        """One pass for callers with an event loop of their own."""
        self.startLoop()
        yield

    def destroy(self) -> None:
        """Part of the interface; the library lives as long as the process."""

    def _speak(self, text: str, filename: str | None) -> None:
        sound: list[bytes] = []

        def receive(pcm: bytes, words: list[tuple[int, int, int]]) -> bool:
            for position, length, _ in words:
                self._proxy.notify(
                    "started-word", name=text[position : position + length], location=position, length=length
                )
            if filename:
                sound.append(pcm)
            elif self.listener and not self.listener(pcm, words):
                self._stopped = True
            return not self._stopped

        self._proxy.notify("started-utterance")
        self._library.synthesize(text, receive)
        if filename:
            with Path(filename).open("wb") as raw, wave.open(raw, "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(self._library.rate)
                file.writeframes(b"".join(sound))
        self._proxy.notify("finished-utterance", completed=not self._stopped)


def register() -> str:
    """Make the driver known to pyttsx3, which looks for drivers among its own modules; returns the name for `init`."""
    module = types.ModuleType(f"pyttsx3.drivers.{DRIVER_NAME}")
    module.buildDriver = SynchronousEspeakDriver  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    return DRIVER_NAME
