"""Chats from before there were facts count with what their messages tell."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from assistant.insights.insights import Insights
from assistant.insights.records import Times
from assistant.insights.spans import Span
from assistant.storage.store import MIGRATIONS, Store
from skills.storefront.zones import zone
from tests.shopping.shops import a_shop

CONVERSATION = (
    "INSERT INTO chat_conversations (id, shop, shopper, title, language, seq, read_seq, state, agent, contact,"
    " started_at, used_at)"
    " VALUES ('c1', 'ours', 's1', 'Boots', 'en', 2, 2, 'bot', '', '', '2026-03-11 11:07', '2026-03-11 11:07')"
)
MESSAGE = (
    "INSERT INTO chat_messages (conversation, seq, sender, body, at, pending, rating, comment)"
    " VALUES ('c1', :seq, :sender, '{\"text\": \"boots\"}', '2026-03-11 11:07:00.000000', false, :rating, '')"
)


def test_messages_answers_and_ratings_from_before_count(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'sori.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0014")
        shop = {"profile": a_shop("ours").model_dump_json()}
        connection.execute(text("INSERT INTO shops VALUES ('ours', :profile, 0, 1, CURRENT_TIMESTAMP)"), shop)
        connection.execute(text(CONVERSATION))
        for seq, sender, rating in ((1, "shopper", None), (2, "bot", "good")):
            connection.execute(text(MESSAGE), {"seq": seq, "sender": sender, "rating": rating})
    engine.dispose()
    store = Store(f"sqlite:///{tmp_path / 'sori.db'}")
    try:
        span = Span.of_days(7, datetime(2026, 3, 12, tzinfo=UTC), zone("Asia/Seoul"))
        found = Insights(store.engine).overview("ours", span)
        assert (found.summary.conversations, found.summary.contained, found.summary.liked) == (1, 1, 1)
        assert found.summary.bot == Times(0)
        assert found.hours == {(2, 20): 1}
    finally:
        store.close()
