"""Feeds of products as shops and platforms write them, read strictly and in bounded memory."""

from skills.shopping.feeds.assembling import assemble
from skills.shopping.feeds.entries import Entry, Gone, Offer, Problem, Written
from skills.shopping.feeds.mapping import Mapping, Proposal
from skills.shopping.feeds.reading import Feed, Format, entries, look
from skills.shopping.feeds.spool import Spool

__all__ = [
    "Entry", "Feed", "Format", "Gone", "Mapping", "Offer", "Problem", "Proposal", "Spool", "Written", "assemble",
    "entries", "look",
]  # fmt: skip
