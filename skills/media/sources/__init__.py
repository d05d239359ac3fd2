"""What can be imported: feeds, folders of recordings, catalogues; each as items of one form, one after the other."""

from skills.media.sources.opening import open_source
from skills.media.sources.reading import Reading

__all__ = ["Reading", "open_source"]
