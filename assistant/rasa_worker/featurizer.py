"""Gives Rasa's pipeline MiniLM's vector of the sentence."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS, TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.rasa_worker.minilm import MiniLM

_load = lru_cache(maxsize=1)(MiniLM.load)
"""The weights are the same for every component of a process: 90 MB, loaded once."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MiniLMFeaturizer(DenseFeaturizer, GraphComponent):
    """Dense features from MiniLM; nothing is trained and nothing is stored with the model.

    `scale` multiplies the vector. It sets how much the vector weighs beside the words' counts: a logistic regression
    penalises the weights of a vector twice as long a quarter as much.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """A tokenizer must come first."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """What Rasa checks before it loads the model."""
        return ["safetensors"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's options and their defaults."""
        return {**DenseFeaturizer.get_default_config(), "scale": 1.0}

    @staticmethod
    def validate_config(config: dict[str, Any]) -> None:
        """Refuse a scale that is not a positive number."""
        scale = config.get("scale", 1.0)
        if not isinstance(scale, int | float) or scale <= 0:
            raise ValueError(f"MiniLMFeaturizer: scale must be a positive number, not {scale!r}")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003 - Rasa's interface
        resource: Resource,  # noqa: ARG003 - Rasa's interface
        execution_context: ExecutionContext,
    ) -> MiniLMFeaturizer:
        """Called by Rasa for training and for serving."""
        return cls(execution_context.node_name, config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features to each message in place."""
        self._add_features([message for message in messages if message.get(TOKENS_NAMES[TEXT])])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the features to each training example in place, in batches."""
        self.process(training_data.training_examples)
        return training_data

    def _add_features(self, messages: list[Message]) -> None:
        texts = [[token.text for token in message.get(TOKENS_NAMES[TEXT])] for message in messages]
        origin = self._config[FEATURIZER_CLASS_ALIAS]
        scale = self._config["scale"]
        for message, encoded in zip(messages, _load().encode(texts), strict=True):
            sentence = (encoded * scale).reshape(1, -1).astype("float32")
            message.add_features(Features(sentence, FEATURE_TYPE_SENTENCE, TEXT, origin))
