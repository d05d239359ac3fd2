"""What can go wrong with a shop's catalogue; what customers may well meet is a typed result instead."""

from __future__ import annotations

from skills.errors import SkillError


class ShoppingError(SkillError):
    """Base of every error about shopping.

    `code` is stable and meant for machines; `retryable` says whether the same call may succeed a little later.
    """

    def __init__(self, code: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable


class CatalogueStoreError(ShoppingError):
    """The catalogues in the database.

    Codes: `catalogue_failed` and `import_running`, worth another try; `shop_unknown`, `product_unknown`, `sku_taken`.
    """


class FeedError(ShoppingError):
    """A feed of products, or files of a shop, that cannot be taken at all.

    Codes: `feed_missing`, `feed_unreadable`, `feed_empty`, `feed_format`, `feed_encoding`, `feed_columns`,
    `feed_too_large`, `feed_too_deep`, `feed_entities`, `feed_broken`, `feed_mapping`.
    """
