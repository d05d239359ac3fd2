"""Rasa's CRF entity extractor, with features of our own, which stores the field it has learnt.

Rasa 3.6.21 stores the training set instead, every word with its dense vector as text, and trains anew at every load:
400 MB and a minute for the sentences of this repository. crfsuite's own model file is a few hundred kilobytes, loads in
milliseconds, and is plain data: nothing in it can run.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache
from pathlib import Path
from typing import Any

import pycrfsuite  # type: ignore[import-not-found]
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.crf_entity_extractor import CRFEntityExtractor, CRFToken
from rasa.shared.nlu.constants import ENTITY_ATTRIBUTE_TYPE, INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.rasa_worker.minilm import load_wordpiece
from assistant.rasa_worker.span_features import span_features

_FILE = "spans.crfsuite"

_NAMELESS = ("out_of_scope", "overheard")
"""Intents whose spans nobody looks at: the titles and topics in their examples are not annotated."""

_wordpiece = lru_cache(maxsize=1)(load_wordpiece)


class StoredTagger:
    """A learnt conditional random field, read from the bytes of crfsuite's model file."""

    def __init__(self, model: bytes) -> None:
        self._model = model  # the tagger reads from it as it works
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(model)
        self._labels = self._tagger.labels()

    def predict_marginals_single(self, words: list[dict[str, Any]]) -> list[dict[str, float]]:
        """For each word, given as its features, the probability of each label (the name is sklearn-crfsuite's)."""
        self._tagger.set(words)
        return [{label: self._tagger.marginal(label, at) for label in self._labels} for at in range(len(words))]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class SpanExtractor(CRFEntityExtractor):
    """Finds the spans of an utterance that name something; entity types only, no roles or groups."""

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples whose spans are annotated."""
        return super().train(training_data.filter_training_examples(lambda one: one.get(INTENT) not in _NAMELESS))

    def persist(self, dataset: list[list[CRFToken]]) -> None:  # noqa: ARG002 - the data set is what we do not store
        """Store the learnt field."""
        tagger = (self.entity_taggers or {}).get(ENTITY_ATTRIBUTE_TYPE)
        if tagger is None:
            return
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_bytes(Path(tagger.modelfile.name).read_bytes())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa's interface
        **kwargs: Any,  # noqa: ARG003 - Rasa's interface
    ) -> SpanExtractor:
        """Read the learnt field; raises ValueError, as Rasa expects, where the model holds none."""
        with model_storage.read_from(resource) as folder:
            tagger = StoredTagger((folder / _FILE).read_bytes())
        extractor = cls(config, model_storage, resource, OrderedDict({ENTITY_ATTRIBUTE_TYPE: tagger}))
        extractor.crf_order = [ENTITY_ATTRIBUTE_TYPE]
        return extractor

    @classmethod
    def _crf_tokens_to_features(
        cls,
        crf_tokens: list[CRFToken],
        config: dict[str, Any],  # noqa: ARG003 - Rasa's interface
        include_tag_features: bool = False,  # noqa: ARG003 - Rasa's interface
    ) -> list[dict[str, Any]]:
        """The features of each word."""
        words = [token.text for token in crf_tokens]
        return list(span_features(words, crf_tokens[0].pattern[INTENT], _wordpiece().pieces)) if words else []

    def _convert_to_crf_tokens(self, message: Message) -> list[CRFToken]:
        """Rasa's tokens; each carries the intent in place of the patterns it matches, of which there are none."""
        tokens: list[CRFToken] = super()._convert_to_crf_tokens(message)
        intent = message.get(INTENT) or ""  # a name in training, what the classifier found afterwards
        for token in tokens:
            token.pattern = {INTENT: intent if isinstance(intent, str) else intent["name"] or ""}
        return tokens

    def _get_dense_features(self, message: Message) -> None:  # noqa: ARG002 - Rasa's interface
        """None: the features are the words themselves, so no vector is copied for each of them."""
        return
