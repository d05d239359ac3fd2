"""Rasa's logistic regression, which stores its weights as plain arrays.

Rasa stores the whole scikit-learn object with skops, whose import alone takes four seconds of every start.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier

_FILE = "intents.npz"
_LEARNT = ("classes_", "coef_", "intercept_")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LogisticRegressionClassifier):
    """Multinomial logistic regression over the sentence features of all featurizers before it."""

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
