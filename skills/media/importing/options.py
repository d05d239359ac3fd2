"""How an import is to be done; given to the workers as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from skills.media.fetching import Network
from skills.media.loudness import Aim


@dataclass(frozen=True)
class Options:
    """`store` is the folder of contents, `networks` those that may be reached though they are not public.

    `speech_model` is a Vosk model that takes dictation; without it pocketsphinx writes down what is said.
    """

    store: Path
    download: bool = True
    aim: Aim = field(default_factory=Aim)
    networks: tuple[Network, ...] = ()
    speech_model: Path | None = None
    workers: int = 1

    @property
    def recogniser(self) -> str:
        """What writes down what is said, for fingerprints."""
        return self.speech_model.name if self.speech_model else "pocketsphinx"
