"""Public collections with judgments, as this index is given them: films and products."""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from search_index import Document, KeywordField, NumberField, Schema, TextField
from search_index.relevance.judgments import Judgment, Topic, topic_id

FILMS = Schema(
    "films",
    {
        "title": TextField(weight=3.0, sound=True),
        "director": KeywordField(weight=1.0),
        "actors": KeywordField(many=True, weight=1.0),
        "characters": KeywordField(many=True, weight=1.0),
        "tags": KeywordField(many=True, weight=1.0),
        "genres": KeywordField(many=True, weight=1.0),
        "overview": TextField(),
        "year": NumberField(),
        "votes": NumberField(),
        "rating": NumberField(),
        "popularity": NumberField(),
    },
)
PRODUCTS = Schema(
    "products",
    {
        "title": TextField(sound=True),
        "name": KeywordField(weight=1.0),
        "brand": KeywordField(weight=1.0),
        "type": KeywordField(many=True, weight=1.0),
        "description": TextField(),
        "price": NumberField(),
    },
)
TYPES = ("attr_t_product_type", "attr_t_type")
"""Attributes that say what kind of thing a product is."""


def films(data: Path) -> Iterator[Document]:
    """Films with what people look for in them."""
    for film in _lines(data / "media" / "films.jsonl.gz"):
        yield Document(film["id"], {name: film[name] for name in FILMS.fields if film.get(name) is not None})


def products(data: Path) -> Iterator[Document]:
    """Products of an electronics shop."""
    for product in _lines(data / "products" / "icecat_products.jsonl.gz"):
        values = {
            "title": product.get("title"),
            "name": product.get("name"),
            "brand": product.get("supplier"),
            "type": [product[name] for name in TYPES if isinstance(product.get(name), str)],
            "description": product.get("short_description"),
            "price": product.get("price"),
        }
        yield Document(product["id"], {name: value for name, value in values.items() if value})


def film_topics(data: Path) -> list[Topic]:
    """3,000 queries with the films that were judged for them, 0 or 1."""
    with gzip.open(data / "media" / "film_ratings.tsv.gz", "rt") as file:
        return _topics((row["query"], row["doc_id"], row["grade"]) for row in csv.DictReader(file, delimiter="\t"))


def product_topics(data: Path) -> list[Topic]:
    """60 queries with the products that were judged for them, 0 to 3."""
    with (data / "products" / "icecat_ratings.tsv").open() as file:
        return _topics((row["query"], row["product_id"], row["rating"]) for row in csv.DictReader(file, delimiter="\t"))


def _topics(rows: Iterator[tuple[str, str, str]]) -> list[Topic]:
    found: dict[str, list[Judgment]] = defaultdict(list)
    for query, identity, grade in rows:
        found[query].append(Judgment(identity, float(grade)))
    return [Topic(topic_id(query), query, tuple(judgments)) for query, judgments in found.items()]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt") as file:
        for line in file:
            yield json.loads(line)
