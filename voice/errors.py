"""What can go wrong with speech and audio; every error has a stable code and a sentence a person understands."""

from __future__ import annotations


class VoiceError(Exception):
    """Base of every error this package raises.

    `code` is stable and meant for machines; `message` is one plain sentence; `retryable` says whether the same
    call may succeed a little later.
    """

    retryable = False

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class AudioError(VoiceError):
    """Audio that cannot be used.

    Codes: `audio_empty`, `audio_missing`, `audio_unreadable`, `audio_no_stream`, `audio_truncated`,
    `audio_too_long`, `audio_not_written`.
    """


class ModelError(VoiceError):
    """A recogniser's model or vocabulary that is missing or broken.

    Codes: `model_missing`, `model_incomplete`, `model_broken`, `vocabulary_empty`, `vocabulary_weight`,
    `vocabulary_not_written`, `engine_unknown`, `model_invalid`; where a graph is built `tools_missing`,
    `graph_failed`.
    """


class RecognitionError(VoiceError):
    """A recogniser that failed while listening. Codes: `recognition_failed`, `stream_finished`, `recogniser_closed`."""


class WakeError(VoiceError):
    """A wake word that cannot be used.

    Codes: `wake_phrase_invalid`, `wake_phrase_short`, `wake_phrase_long`, `wake_phrase_unknown`.
    """


class BusyError(VoiceError):
    """Every place is taken just now. Codes: `recogniser_busy`, `synthesis_busy`."""

    retryable = True


class SynthesisError(VoiceError):
    """Speech that could not be made.

    Codes: `synthesis_failed`, `synthesis_unavailable`, `synthesis_closed` and, not worth a retry, `voice_unknown`,
    `speech_option`.
    """

    def __init__(self, code: str, message: str, *, retryable: bool = True) -> None:
        super().__init__(code, message)
        self.retryable = retryable
