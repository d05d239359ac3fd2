"""Rasa's CRF entity extractor, with features of our own, which stores the fields it has learnt, one for each face.

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
import sklearn_crfsuite  # type: ignore[import-not-found]
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.crf_entity_extractor import CRFEntityExtractor, CRFToken
from rasa.shared.nlu.constants import ENTITY_ATTRIBUTE_TYPE, INTENT, METADATA
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.rasa_worker.faces import Faces, face_of
from assistant.rasa_worker.importer import NLU_DATA
from assistant.rasa_worker.minilm import load_wordpiece
from assistant.rasa_worker.span_features import span_features

_SUFFIX = ".crfsuite"

_NAMELESS = frozenset({"out_of_scope", "overheard"})
"""Intents whose spans nobody looks at: the titles and topics in their examples are not annotated."""

_SEEN_LEAST = 2
"""Times that a feature must be there in training: a word met once is as good as one that was never met."""

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

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._faces = Faces.load(NLU_DATA)
        self._fields: dict[str, OrderedDict[str, StoredTagger]] = {}

    def train(self, training_data: TrainingData) -> Resource:
        """Learn, for each face, from the examples whose spans are annotated."""
        for face in self._faces.learnt:
            annotated = self._faces.intents[face] - _NAMELESS
            super().train(training_data.filter_training_examples(lambda one, of=annotated: one.get(INTENT) in of))
            with self._model_storage.write_to(self._resource) as folder:
                field: Any = (self.entity_taggers or {})[ENTITY_ATTRIBUTE_TYPE]
                (folder / face).with_suffix(_SUFFIX).write_bytes(Path(field.modelfile.name).read_bytes())
        return self._resource

    def persist(self, dataset: list[list[CRFToken]]) -> None:
        """Nothing: `train` stores what was learnt, and the data set is what we do not store."""

    def extract_entities(self, message: Message) -> list[dict[str, Any]]:
        """Rasa's own way, by the field of the message's face."""
        self.entity_taggers = self._fields[self._faces.whole(face_of(message.get(METADATA)))]
        found: list[dict[str, Any]] = super().extract_entities(message)
        return found

    @classmethod
    def train_model(
        cls,
        df_train: list[list[CRFToken]],
        config: dict[str, Any],
        crf_order: list[str],  # noqa: ARG003 - Rasa's interface
    ) -> OrderedDict[str, Any]:
        """Learn a field as Rasa does, but without the features that were seen too rarely to say anything."""
        field = sklearn_crfsuite.CRF(
            algorithm="lbfgs",
            c1=config["L1_c"],
            c2=config["L2_c"],
            max_iterations=config["max_iterations"],
            min_freq=_SEEN_LEAST,
            all_possible_transitions=True,
        )
        features = [cls._crf_tokens_to_features(tokens, config) for tokens in df_train]
        field.fit(features, [cls._crf_tokens_to_tags(tokens, ENTITY_ATTRIBUTE_TYPE) for tokens in df_train])
        return OrderedDict({ENTITY_ATTRIBUTE_TYPE: field})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa's interface
        **kwargs: Any,  # noqa: ARG003 - Rasa's interface
    ) -> SpanExtractor:
        """Read the learnt fields; raises ValueError, as Rasa expects, where the model holds none."""
        extractor = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            for face in extractor._faces.learnt:
                field = StoredTagger((folder / face).with_suffix(_SUFFIX).read_bytes())
                extractor._fields[face] = OrderedDict({ENTITY_ATTRIBUTE_TYPE: field})
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
