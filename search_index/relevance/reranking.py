"""The learnt re-ranker: LambdaMART over explained features (Burges, MSR-TR-2010-82; LightGBM's lambdarank)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search_index.errors import ErrorCode, SearchError, wrapped
from search_index.evidence import Observation, Scores
from search_index.relevance.features import Features, feature_names, features
from search_index.schema import Schema

if TYPE_CHECKING:
    from lightgbm import Booster

DEPTH = 50
"""Candidates that are put into a better order."""
ROUNDS = 150
MAX_GRADE = 30
"""Larger grades count as this; LightGBM's gains are 2**grade - 1."""
PARAMETERS = {
    "objective": "lambdarank",
    "num_leaves": 15,
    "learning_rate": 0.06,
    "min_data_in_leaf": 50,
    "lambda_l2": 1.0,
    "lambdarank_truncation_level": 15,
    "num_threads": 1,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
"""The same judgments give the same trees."""

Grades = NDArray[np.float64]


class LambdaMART:
    """Trees that score observations of one schema; safe to use from several threads."""

    depth = DEPTH

    def __init__(self, schema: Schema, booster: Booster) -> None:
        self._schema = schema
        self._booster = booster
        self._names = feature_names(schema)

    def scores(self, observation: Observation) -> Scores:
        """Scores [n], higher is better, of the n passages observed."""
        return self.scores_of(features(self._schema, observation))

    def scores_of(self, rows: Features) -> Scores:
        """The same for rows of features [n, columns]."""
        if not len(rows):
            return np.empty(0)
        return np.asarray(self._booster.predict(rows, num_threads=1), np.float64)

    def contributions(self, observation: Observation, row: int) -> Mapping[str, float]:
        """What each feature adds to the score of one row (Lundberg's TreeSHAP), the largest first; 0 left out."""
        rows = features(self._schema, observation)[row : row + 1]
        *shares, constant = np.asarray(self._booster.predict(rows, pred_contrib=True, num_threads=1))[0].tolist()
        told = {name: share for name, share in zip(self._names, shares, strict=True) if share}
        return dict(sorted(told.items(), key=lambda item: -abs(item[1]))) | {"constant": constant}

    def save(self, folder: Path) -> str:
        """Write the trees into `folder`, under a name made of their content, which is returned."""
        text = self._booster.model_to_string()
        name = f"reranker-{hashlib.sha256(text.encode()).hexdigest()[:16]}.txt"
        temporary = folder / f"{name}.new"
        with wrapped(ErrorCode.STORAGE, f"{folder / name} cannot be written", OSError):
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(folder / name)
        return name


def train(schema: Schema, queries: Sequence[tuple[Features, Grades]]) -> LambdaMART:
    """Learn from each query's rows of features [n, columns] and their grades [n]."""
    lightgbm = _lightgbm()
    data = lightgbm.Dataset(
        np.concatenate([rows for rows, _ in queries]),
        np.concatenate([np.clip(np.rint(grades), 0, MAX_GRADE) for _, grades in queries]),
        group=[len(rows) for rows, _ in queries],
        feature_name=[name.replace(" ", "_") for name in feature_names(schema)],
    )
    return LambdaMART(schema, lightgbm.train(PARAMETERS, data, ROUNDS))


def load(schema: Schema, path: Path) -> LambdaMART:
    """The trees of a file that `save` wrote. Raises `SearchError` (storage) where it is not what its name says."""
    with wrapped(ErrorCode.STORAGE, f"{path} cannot be read", OSError, UnicodeDecodeError):
        text = path.read_text(encoding="utf-8")
    if path.name != f"reranker-{hashlib.sha256(text.encode()).hexdigest()[:16]}.txt":
        raise SearchError(ErrorCode.STORAGE, f"{path} is damaged")
    booster = _lightgbm().Booster(model_str=text)
    if booster.num_feature() != len(feature_names(schema)):
        raise SearchError(ErrorCode.STORAGE, f"{path} was learnt for another schema")
    return LambdaMART(schema, booster)


def _lightgbm() -> ModuleType:
    """Imported at the first use: most collections have no re-ranker, and it needs a system library (libgomp)."""
    with wrapped(ErrorCode.STORAGE, "LightGBM cannot be loaded", ImportError, OSError):
        import lightgbm
    return lightgbm
