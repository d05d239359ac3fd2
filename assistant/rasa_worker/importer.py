"""Lets every Rasa command (train, validate, test) see the expanded templates beside the training files."""

from __future__ import annotations

import json
from pathlib import Path

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from assistant.rasa_worker.templates import Templates

NLU_DATA = Path(__file__).parents[2] / "nlu_data"


class TemplateImporter(RasaFileImporter):
    """Rasa's own importer, with the examples of `nlu_data/templates` added."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        # Rasa takes any file with responses for training data, so it would find those of the domain twice.
        domain = Path(domain_path or NLU_DATA / "domain").resolve()
        files: list[str] = vars(self)["_nlu_files"]
        self._nlu_files = [file for file in files if not Path(file).resolve().is_relative_to(domain)]

    @cached_method
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples of the files and of the templates."""
        return super().get_nlu_data(language).merge(RasaYAMLReader().reads(expanded(NLU_DATA)))


def expanded(root: Path) -> str:
    """The expanded templates as a Rasa NLU file (JSON, which is YAML)."""
    templates = Templates.load(root)
    by_intent: dict[str, list[str]] = {}
    for example in templates.examples():
        by_intent.setdefault(example.intent, []).append(example.annotated())
    items = [{"intent": intent, "examples": _listed(lines)} for intent, lines in by_intent.items()]
    return json.dumps({"version": "3.1", "nlu": items})


def _listed(lines: list[str]) -> str:
    return "".join(f"- {line}\n" for line in lines)
