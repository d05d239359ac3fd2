"""What a span means: a "lecture" is a talk, the "second" is 2; every other span means what it says.

Rasa's synonym mapper has one table for all entities, so that the "top" podcasts would be podcasts 1, and gives each
name the capitals in which training met it first.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.rasa_worker.importer import NLU_DATA
from assistant.rasa_worker.templates import Templates

_FILE = "values.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class SpanValues(GraphComponent):
    """Puts the value of an entity in place of its words, where its own words have one."""

    def __init__(self, model_storage: ModelStorage, resource: Resource, values: dict[str, dict[str, str]]) -> None:
        """`values` maps entity to words in lower case to value."""
        self._model_storage = model_storage
        self._resource = resource
        self._values = values

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 - Rasa's interface
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa's interface
    ) -> SpanValues:
        """Called by Rasa for training."""
        return cls(model_storage, resource, {})

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the values of the fillers, of which the templates show only some, and of the written examples."""
        self._values = Templates.load(NLU_DATA).values()
        for example in training_data.entity_examples:
            for entity in example.get(ENTITIES, []):
                words = example.get(TEXT)[entity["start"] : entity["end"]]
                if entity["value"] != words:
                    self._values.setdefault(entity["entity"], {})[words.lower()] = entity["value"]
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(self._values))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],  # noqa: ARG003 - Rasa's interface
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa's interface
        **kwargs: Any,  # noqa: ARG003 - Rasa's interface
    ) -> SpanValues:
        """Read the values; raises ValueError, as Rasa expects, where the model holds none."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, json.loads((folder / _FILE).read_text()))

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the values of the entities of each message in place."""
        for message in messages:
            entities = message.get(ENTITIES, [])
            for entity in entities:
                entity["value"] = self._values.get(entity["entity"], {}).get(entity["value"].lower(), entity["value"])
            message.set(ENTITIES, entities, add_to_output=True)
        return messages
