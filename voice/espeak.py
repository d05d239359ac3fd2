"""The eSpeak NG library of the wheel espeakng-loader, loaded once a process; it is not thread-safe."""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable

import espeakng_loader

from voice.errors import SynthesisError

OUTPUT_SYNCHRONOUS = 2
BUFFER_MS = 60
DONT_EXIT = 0x8000
"""Without this option a missing data folder ends the whole process."""
CHARS_UTF8 = 1
EVENT_END_OF_LIST = 0
EVENT_WORD = 1
RATE_PARAMETER = 1
VOLUME_PARAMETER = 2
IPA = 0x02


class Event(ctypes.Structure):
    """`espeak_EVENT` of speak_lib.h; positions count characters from 1, `audio_position` is in milliseconds."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_void_p),
    )


SynthCallback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))
Sink = Callable[[bytes, list[tuple[int, int, int]]], bool]
"""Takes PCM and words as (position from 0, length, milliseconds); returns whether to carry on."""


class Library:
    """A thin, checked face of the functions used here. `rate` is in samples per second."""

    def __init__(self) -> None:
        try:
            self._dll = ctypes.CDLL(espeakng_loader.get_library_path())
            data = espeakng_loader.get_data_path()
        except (OSError, RuntimeError) as error:
            raise SynthesisError("synthesis_unavailable", f"eSpeak NG could not be loaded: {error}") from error
        self._dll.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._dll.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
        self.rate: int = self._dll.espeak_Initialize(OUTPUT_SYNCHRONOUS, BUFFER_MS, data.encode(), DONT_EXIT)
        if self.rate <= 0:
            raise SynthesisError("synthesis_unavailable", f"eSpeak NG found no usable voices in {data}")
        self._sink: Sink | None = None
        self._failure: BaseException | None = None
        self._callback = SynthCallback(self._on_synth)  # kept: the library holds only a bare pointer to it
        self._dll.espeak_SetSynthCallback(self._callback)

    def set_voice(self, name: str) -> None:
        """Choose a voice such as `en-us` or `en-us+f3`; SynthesisError(`voice_unknown`) where there is none."""
        if self._dll.espeak_SetVoiceByName(name.encode()) != 0:
            raise SynthesisError("voice_unknown", f"There is no eSpeak voice named {name!r}", retryable=False)

    def set_rate(self, words_per_minute: int) -> None:
        """Speed of speech, 80 to 450 words per minute."""
        self._check(self._dll.espeak_SetParameter(RATE_PARAMETER, words_per_minute, 0), "the rate")

    def set_volume(self, percent: int) -> None:
        """Amplitude, 0 to 100; above 100 the output clips."""
        self._check(self._dll.espeak_SetParameter(VOLUME_PARAMETER, percent, 0), "the volume")

    def synthesize(self, text: str, sink: Sink) -> None:
        """Speak `text`, calling `sink` for every buffer; returns when all is made or `sink` said to stop."""
        encoded = text.encode() + b"\0"
        self._sink, self._failure = sink, None
        try:
            code = self._dll.espeak_Synth(encoded, ctypes.c_size_t(len(encoded)), 0, 1, 0, CHARS_UTF8, None, None)
        finally:
            self._sink = None
        if self._failure is not None:
            raise self._failure
        self._check(code, "speech")

    def phonemes(self, text: str) -> str:
        """IPA of `text` in the current voice, phonemes separated by `_`."""
        pointer = ctypes.c_char_p(text.encode())
        clauses = []
        while pointer.value:
            clause = self._dll.espeak_TextToPhonemes(ctypes.byref(pointer), CHARS_UTF8, IPA | (ord("_") << 8))
            clauses.append(clause.decode())
        return " ".join(clauses)

    def _on_synth(self, wav: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[Event]) -> int:
        """Hand one buffer on; an exception must not cross into C, so it is kept and raised by `synthesize`."""
        try:
            words = []
            index = 0
            while (event := events[index]).type != EVENT_END_OF_LIST:
                if event.type == EVENT_WORD:
                    words.append((event.text_position - 1, event.length, event.audio_position))
                index += 1
            pcm = ctypes.string_at(wav, count * 2) if count > 0 else b""
            carry_on = self._sink is None or self._sink(pcm, words)
        except BaseException as error:
            self._failure = error
            return 1
        return 0 if carry_on else 1

    @staticmethod
    def _check(code: int, what: str) -> None:
        if code != 0:
            raise SynthesisError("synthesis_failed", f"eSpeak NG refused {what} (code {code})")


@functools.cache
def library() -> Library:
    """The one instance of this process: eSpeak can be initialised only once."""
    return Library()
