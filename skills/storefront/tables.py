"""The tables of shops' answers, as SQLAlchemy knows them; the service's migrations made them."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, String, Table, Text

from skills.shopping.catalogue.tables import shops

metadata = MetaData()


def _shop() -> Column[str]:
    return Column("shop", String(40), ForeignKey(shops.c.id, ondelete="CASCADE"), primary_key=True)


answers = Table(
    "shop_answers",
    metadata,
    _shop(),
    Column("id", String(120), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("data", Text, nullable=False),
)
"""`data` is a `ShopAnswer` in JSON; `place` orders them."""

revisions = Table(
    "shop_answer_revisions",
    metadata,
    _shop(),
    Column("revision", BigInteger, nullable=False),
    Column("file", String(64), nullable=False),
)
"""`revision` grows with every change of a shop's answers; `file` is the digest of the file that they all come from."""
