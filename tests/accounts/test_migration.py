"""Keys from before shops had accounts know their shop afterwards; one whose shop is gone opens nothing."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from assistant.storage.api_keys import ApiKeys, agent_of, shop_scope
from assistant.storage.store import MIGRATIONS, Store

SECRETS = {name: f"sori_{name:x<43}" for name in ("moss", "agent", "gone", "media")}
SCOPES = {"moss": shop_scope("moss"), "agent": agent_of("moss"), "gone": shop_scope("gone"), "media": "media"}


def test_old_keys_belong_to_their_shop(tmp_path: Path) -> None:
    url, now = f"sqlite:///{tmp_path / 'sori.db'}", datetime.now(UTC)
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0012")
        shop = "INSERT INTO shops (id, profile, version, revision, added_at) VALUES ('moss', :profile, 0, 0, :now)"
        profile = json.dumps({"id": "moss", "name": "Moss"})
        connection.execute(text(shop), {"profile": profile, "now": now})
        for name, secret in SECRETS.items():
            columns = "(id, name, sha256, scopes, created_at) VALUES (:id, :id, :sha256, :scopes, :now)"
            sha256 = hashlib.sha256(secret.encode()).hexdigest()
            told = {"id": name, "sha256": sha256, "scopes": json.dumps([SCOPES[name]]), "now": now}
            connection.execute(text(f"INSERT INTO api_keys {columns}"), told)
    engine.dispose()
    store = Store(url)
    keys = ApiKeys(store.engine)
    assert {key.id for key in keys.of("moss")} == {"moss", "agent"}
    works = {name for name, secret in SECRETS.items() if keys.check(secret, now)}
    assert works == {"moss", "agent", "media"}
    store.close()
