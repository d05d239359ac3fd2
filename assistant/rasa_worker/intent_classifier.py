"""Rasa's logistic regression, one for each face, which stores its weights as plain arrays.

Rasa stores the whole scikit-learn object with skops, whose import alone takes four seconds of every start.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.base import clone  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from assistant.rasa_worker.faces import Faces, face_of
from assistant.rasa_worker.importer import NLU_DATA

_FILE = "intents.npz"
_LEARNT = ("classes_", "coef_", "intercept_")

_STRENGTH = 3.0
"""The inverse of the penalty on the weights; Rasa's is 1 and cannot be configured."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LogisticRegressionClassifier):
    """Multinomial logistic regression over the sentence features of all featurizers before it.

    What is said to a face is told apart among the intents of this face alone: "find me a book" is one thing to the
    player and another one to a shop.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._faces = Faces.load(NLU_DATA)
        self._learnt: dict[str, LogisticRegression] = {}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn, for each face, with each intent weighed by the root of its rarity.

        Rasa's weights make every intent count the same, however many ways there are to say it: one of forty examples
        then weighs as much as "find", which has thousands, and takes its sentences.
        """
        features, intents = self._create_training_matrix(training_data)
        features = features.astype("float32")  # learns as well in two thirds of the time
        for face in self._faces.learnt:
            rows = [row for row, intent in enumerate(intents) if intent in self._faces.intents[face]]
            meant = [intents[row] for row in rows]
            counts = Counter(meant)
            even = counts.total() / len(counts)
            weights = {name: (even / count) ** 0.5 for name, count in counts.items()}
            self._learnt[face] = clone(self.clf).set_params(C=_STRENGTH, class_weight=weights)
            self._learnt[face].fit(features[rows], meant)
        self.persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message in place; nothing but the intents of its face is in either."""
        for face, group in groupby(messages, lambda message: face_of(message.get(METADATA))):
            self.clf = self._learnt[self._faces.whole(face)]
            for message in super().process(list(group)):
                self._narrow(message, self._faces.intents[face])
        return messages

    @staticmethod
    def _narrow(message: Message, intents: frozenset[str]) -> None:
        """Share what is sure among these intents."""
        found = [entry for entry in message.get(INTENT_RANKING_KEY) if entry["name"] in intents]
        whole = sum(entry["confidence"] for entry in found)
        ranking = [{"name": entry["name"], "confidence": entry["confidence"] / whole} for entry in found]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    def persist(self) -> None:
        """Store the weights."""
        with self._model_storage.write_to(self._resource) as folder:
            learnt: dict[str, Any] = {
                f"{face} {name}": np.asarray(getattr(regression, name))
                for face, regression in self._learnt.items()
                for name in _LEARNT
            }
            np.savez(folder / _FILE, **learnt)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,  # noqa: ARG003 - Rasa's interface
    ) -> IntentClassifier:
        """Read the weights; nothing is unpickled."""
        classifier = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / _FILE, allow_pickle=False) as learnt:
            for face in classifier._faces.learnt:
                regression = classifier._learnt[face] = clone(classifier.clf)
                for name in _LEARNT:
                    setattr(regression, name, learnt[f"{face} {name}"])
        return classifier
