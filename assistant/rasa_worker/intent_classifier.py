"""Rasa's logistic regression, which stores its weights as plain arrays.

Rasa stores the whole scikit-learn object with skops, whose import alone takes four seconds of every start.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.training_data import TrainingData

_FILE = "intents.npz"
_LEARNT = ("classes_", "coef_", "intercept_")

_STRENGTH = 3.0
"""The inverse of the penalty on the weights; Rasa's is 1 and cannot be configured."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LogisticRegressionClassifier):
    """Multinomial logistic regression over the sentence features of all featurizers before it."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn, with each intent weighed by the root of its rarity.

        Rasa's weights make every intent count the same, however many ways there are to say it: one of forty examples
        then weighs as much as "find", which has thousands, and takes its sentences.
        """
        counts = Counter(example.get(INTENT) for example in training_data.intent_examples)
        even = counts.total() / len(counts)
        self.clf.set_params(C=_STRENGTH, class_weight={name: (even / count) ** 0.5 for name, count in counts.items()})
        return super().train(training_data)

    def persist(self) -> None:
        """Store the weights."""
        with self._model_storage.write_to(self._resource) as folder:
            learnt: dict[str, Any] = {name: np.asarray(getattr(self.clf, name)) for name in _LEARNT}
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
            for name in _LEARNT:
                setattr(classifier.clf, name, learnt[name])
        return classifier
