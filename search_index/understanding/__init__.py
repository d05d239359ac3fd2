"""Understanding a product query: from free text to filters, preferences, an order and what remains to be searched.

Nothing about products is known here: values come from the collection, and `meanings` say what its fields are.
"""

from search_index.understanding.collection import Collection, understand
from search_index.understanding.language import Operator
from search_index.understanding.meanings import Brand, Colour, Flag, Meaning, Named, Price, Quantity, Rating, Released
from search_index.understanding.parsing import parse
from search_index.understanding.refining import refined
from search_index.understanding.relaxing import Answer, Relaxed, search_within
from search_index.understanding.understood import Constraint, Understood
from search_index.understanding.vocabulary import Vocabulary

__all__ = [
    "Answer",
    "Brand",
    "Collection",
    "Colour",
    "Constraint",
    "Flag",
    "Meaning",
    "Named",
    "Operator",
    "Price",
    "Quantity",
    "Rating",
    "Relaxed",
    "Released",
    "Understood",
    "Vocabulary",
    "parse",
    "refined",
    "search_within",
    "understand",
]
