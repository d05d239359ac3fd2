"""What can go wrong when a model is trained or adapted."""

from __future__ import annotations

from voice.errors import VoiceError


class TrainingError(VoiceError):
    """A model that could not be made.

    Codes: `voices_missing`, `synthesis_failed`, `too_little_speech`, `consent_missing`, `recordings_missing`,
    `nothing_to_restore`.
    """
