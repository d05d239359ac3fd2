"""What a shopper is told once in a while, on whatever device and across restarts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.engine import Engine

from assistant.chat.tables import once
from assistant.storage.transactions import insert_into, reading, writing
from skills.stored_times import in_utc
from skills.storefront.behaviour.away import is_due


class Once:
    """Blocking; raises ServiceError(`storage_failed`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, shop: str, shopper: str, what: str, now: datetime, every_hours: int) -> bool:
        """Whether it is to be told now; from then on it is not, for so long. Of several who ask at once, one may."""
        named = and_(once.c.shop == shop, once.c.shopper == shopper, once.c.what == what)
        with reading(self._engine) as connection:
            last = connection.execute(select(once.c.at).where(named)).scalar_one_or_none()
        if not is_due(in_utc(last) if last else None, now, every_hours):
            return False
        first = insert_into(self._engine, once).values(shop=shop, shopper=shopper, what=what, at=now)
        told = first.on_conflict_do_update(
            index_elements=["shop", "shopper", "what"], set_={"at": now}, where=once.c.at == last
        )
        with writing(self._engine) as connection:
            return connection.execute(told.returning(once.c.what)).one_or_none() is not None
