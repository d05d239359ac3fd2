"""Chance that is the same in every run and on every machine."""

from __future__ import annotations

import zlib

import numpy as np


def dice(*about: object) -> np.random.Generator:
    """A generator for one purpose: other purposes' draws do not shift its own."""
    return np.random.default_rng(zlib.crc32(repr(about).encode()))
