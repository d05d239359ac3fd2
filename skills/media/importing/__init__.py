"""Brings sources onto the shelf: what is new or has changed is noted, and each item taken through its steps."""

from skills.media.importing.engine import Report, import_item, import_source
from skills.media.importing.options import Options

__all__ = ["Options", "Report", "import_item", "import_source"]
