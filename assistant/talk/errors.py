"""What can end a hands-free conversation; every message is fit to be shown and says what to do."""

from __future__ import annotations


class TalkError(Exception):
    """Base."""


class DeviceError(TalkError):
    """The microphone or the loudspeaker is missing, was refused, or went away."""


class ServiceLostError(TalkError):
    """The service cannot be reached, or ended the conversation."""


class MediaError(TalkError):
    """A recording cannot be fetched or decoded."""
