"""Where things are kept under the data directory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import StartError


@dataclass(frozen=True)
class DataPaths:
    """Every folder and file of one data directory."""

    root: Path

    @property
    def catalogue(self) -> Path:
        """The operator's own items, JSON Lines files beside the catalogue that comes with Sori."""
        return self.root / "catalogue"

    @property
    def index(self) -> Path:
        return self.root / "index"

    @property
    def encoder(self) -> Path:
        """MiniLM's fast file."""
        return self.root / "models" / "encoder"

    @property
    def recordings(self) -> Path:
        return self.root / "recordings"

    @property
    def media(self) -> Path:
        """Imported recordings, pictures and the like, each under its SHA-256."""
        return self.root / "media"

    @property
    def shops(self) -> Path:
        """A folder for each shop: its index, and feeds that are being imported."""
        return self.root / "shops"

    @property
    def heard(self) -> Path:
        """What microphones heard, only where the setting `store_audio` asks for it."""
        return self.root / "heard"

    @property
    def vosk_models(self) -> Path:
        return self.root / "models" / "vosk"

    @property
    def adapted_model(self) -> Path:
        """The shipped speech model as adapted to its people, where it has been."""
        return self.root / "models" / "adapted" / "current"

    @property
    def training(self) -> Path:
        """Synthetic speech and unfinished networks: what training would otherwise make again."""
        return self.root / "training"

    @property
    def model_checksums(self) -> Path:
        """Checksums of downloaded models as they were when first verified."""
        return self.root / "models" / "checksums"

    @property
    def model_trials(self) -> Path:
        """How speech models did when they were tried out."""
        return self.root / "cache" / "model-trials.json"

    @property
    def recogniser_choice(self) -> Path:
        return self.root / "models" / "recogniser"

    @property
    def language_models(self) -> Path:
        """Built language models, by the fingerprint of what they were built from."""
        return self.root / "cache" / "language"

    @property
    def mail(self) -> Path:
        """Letters of the shops, a file each, for a mail server to take up."""
        return self.root / "mail"

    @property
    def run(self) -> Path:
        """What only matters while the service runs."""
        return self.root / "run"

    @property
    def internal_token(self) -> Path:
        """What `rasa shell` shows to be let in to the running service."""
        return self.run / "internal.token"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.root / 'sori.db'}"

    def make(self) -> None:
        """Make the directory and see that it can be written.

        Raises:
            StartError: it cannot be made or written.
        """
        try:
            self.run.mkdir(parents=True, exist_ok=True)
            probe = self.run / f"probe.{os.getpid()}"
            probe.write_bytes(b"sori")
            probe.unlink()
        except OSError as error:
            raise StartError(f"the data directory {self.root} cannot be written: {error.strerror}") from error
