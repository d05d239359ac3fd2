"""A shop's answers, read from its entries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from skills.storefront.answer import ShopAnswer
from skills.storefront.entries import Entries
from skills.storefront.kinds import ANSWER
from skills.storefront.tables import entries

FILE = "file:"
"""Before the digest, in place of who saved an answer, where it comes from a file."""


class ShopAnswers(Entries):
    """The entries of a shop with its answers as they are asked for; errors as `Entries`."""

    def all(self, shop: str, *, draft: bool = False) -> list[ShopAnswer]:
        """A shop's answers, in its order: what customers get, or the working copies."""
        found = self.drafts(shop, ANSWER) if draft else self.live(shop, ANSWER)
        return [one.read(ShopAnswer) for one in found]

    def loaded(self, shop: str) -> str | None:
        """The digest of the file that all answers come from; empty once somebody has edited them, None before any."""
        mine = select(entries.c.by, entries.c.changed).where(entries.c.shop == shop, entries.c.kind == ANSWER)
        with self._reading() as connection:
            rows = connection.execute(mine.order_by(entries.c.edit.desc())).all()
        if any(not row.by.startswith(FILE) for row in rows):
            return ""
        # What is not published yet was interrupted.
        return None if not rows or any(row.changed for row in rows) else str(rows[0].by.removeprefix(FILE))

    def replace(self, shop: str, given: Sequence[ShopAnswer], file: str = "") -> None:
        """Make these the shop's answers, live at once; of two of one id the later one counts. `file` is the digest of
        the file that they come from.

        Raises:
            StorefrontError: `entries_full`, `shop_unknown`; nothing is changed.
        """
        now = datetime.now(UTC)
        self.save_many(shop, ANSWER, {one.id: one for one in given}, FILE + file, now, instead=True)
        mine = {(one.kind, one.id): one.revision for one in self.changes(shop, kind=ANSWER)}
        self.publish(shop, "Sori", now, "The answers that came with the shop", mine)
