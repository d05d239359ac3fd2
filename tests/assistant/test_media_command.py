"""`./sori media` and `./sori keys` as an operator types them."""

import json
import os
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assistant.cli import keys, media
from assistant.cli.parser import build_parser
from assistant.importing import importing_alone
from assistant.paths import DataPaths
from assistant.setup.environments import SetupError
from assistant.storage.api_keys import ApiKeys
from assistant.storage.store import Store
from skills.media.content import ContentStore
from skills.media.shelf import Shelf
from skills.media.uploads import Uploads, note


def sori(*arguments: str | Path) -> int:
    options = build_parser().parse_args([str(argument) for argument in arguments])
    return (media if options.command == "media" else keys).run(options)


def test_an_item_and_what_nobody_needs_go_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    contents, now = ContentStore(tmp_path / "media"), time.time()
    uploads, database = Uploads(contents, 1_000), Store(f"sqlite:///{tmp_path / 'sori.db'}")
    upload = uploads.create("Ada", 5, {"filename": "Storms.mp3"}, now)
    with uploads.arriving(upload, 0) as arriving:
        arriving.write(b"sound")
    recording = uploads.complete(uploads.find(upload.id, now))
    item = note(upload, recording, Shelf(database.engine), date(2024, 5, 6))
    forgotten = contents.put(b"forgotten")
    os.utime(forgotten.path, (0, 0))
    (tmp_path / "run").mkdir()
    with importing_alone(DataPaths(tmp_path)), pytest.raises(SetupError, match="another import runs"):
        sori("media", "tidy", "--data-dir", tmp_path)
    assert sori("media", "tidy", "--data-dir", tmp_path) == 0
    assert (forgotten.path.exists(), recording.path.exists()) == (False, True)
    assert sori("media", "remove", item, "--data-dir", tmp_path) == 0
    assert not recording.path.exists()
    assert "Storms is gone" in capsys.readouterr().out
    with pytest.raises(SetupError, match="no imported item"):
        sori("media", "remove", item, "--data-dir", tmp_path)
    database.close()


def test_keys_are_made_listed_and_taken_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sori("keys", "add", " Mina  Park ", "--json", "--data-dir", tmp_path)
    made = json.loads(capsys.readouterr().out)
    sori("keys", "list", "--data-dir", tmp_path)
    listed = capsys.readouterr().out
    assert ("Mina Park" in listed, "never used" in listed, made["key"] in listed) == (True, True, False)
    sori("keys", "revoke", made["id"], "--data-dir", tmp_path)
    database = Store(f"sqlite:///{tmp_path / 'sori.db'}")
    assert ApiKeys(database.engine).check(made["key"], datetime.now(UTC)) is None
    database.close()
    with pytest.raises(SetupError, match="keys list"):
        sori("keys", "revoke", made["id"], "--data-dir", tmp_path)
