"""How loud a recording is, and the same recording as loud as all others (EBU R 128)."""

from skills.media.loudness.meter import Loudness, measure
from skills.media.loudness.normaliser import Aim, Normalised, normalise

__all__ = ["Aim", "Loudness", "Normalised", "measure", "normalise"]
