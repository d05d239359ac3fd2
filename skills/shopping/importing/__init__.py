"""Bringing a feed into a shop's catalogue: read, put together, written beside what is there, and switched."""

from skills.shopping.importing.importer import FeedImporter
from skills.shopping.importing.records import Choices, Import, Imports, Reported, State

__all__ = ["Choices", "FeedImporter", "Import", "Imports", "Reported", "State"]
