"""A shop's answers as files: tables as every spreadsheet has them, and JSON, both ways."""

from skills.storefront.exchange.columns import Column
from skills.storefront.exchange.exporting import as_json, as_table
from skills.storefront.exchange.problems import Problem
from skills.storefront.exchange.reading import Reading, read_answers_file
from skills.storefront.exchange.table import ExchangeError, Sheet

__all__ = [
    "Column",
    "ExchangeError",
    "Problem",
    "Reading",
    "Sheet",
    "as_json",
    "as_table",
    "read_answers_file",
]
