"""A manifest is the new one or the one before, never a mix and never a surprise."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search_index.errors import ErrorCode, SearchError
from search_index.manifest import read_manifest, remove_manifest, write_manifest

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
CONTENTS = st.dictionaries(st.text(), VALUES, max_size=4)
in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def read(path: Path) -> dict[str, Any] | None:
    return read_manifest(path, dict)


@in_one_folder
@given(CONTENTS)
def test_what_was_written_is_read(tmp_path: Path, content: dict[str, Any]) -> None:
    path = tmp_path / "some.json"
    remove_manifest(path)
    assert read(path) is None
    write_manifest(path, content)
    assert read(path) == content
    assert [file.name for file in tmp_path.iterdir()] == ["some.json"], "nothing else is left behind"


@in_one_folder
@given(CONTENTS, CONTENTS, st.data())
def test_any_damage_to_the_file_is_noticed_and_the_one_before_is_read(
    tmp_path: Path, first: dict[str, Any], second: dict[str, Any], data: st.DataObject
) -> None:
    path = tmp_path / "some.json"
    remove_manifest(path)
    write_manifest(path, first)
    write_manifest(path, second)
    whole = path.read_bytes()
    if data.draw(st.booleans(), "cut"):
        harmed = whole[: data.draw(st.integers(0, len(whole) - 1), "length")]
    else:
        place = data.draw(st.integers(0, len(whole) - 1), "place")
        harmed = whole[:place] + bytes([whole[place] ^ (1 << data.draw(st.integers(0, 7), "bit"))]) + whole[place + 1 :]
    path.write_bytes(harmed)
    assert read(path) in (first, second), "a changed byte may make no difference, but never a third content"
    path.write_bytes(b"\xff" * 40)
    assert read(path) == first
    write_manifest(path, second)
    path.unlink()
    assert read(path) == first, "a garbled file has not pushed out the last one that could be read"


def test_what_the_reader_refuses_falls_back_too(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    write_manifest(path, {"seq": 1})
    write_manifest(path, {"seq": "many"})
    assert read_manifest(path, lambda content: int(content["seq"])) == 1
    write_manifest(path, {})
    assert read_manifest(path, lambda content: int(content["seq"])) is None


def test_a_disk_that_takes_no_more_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    write_manifest(path, {"seq": 1})
    with files_no_larger_than(1_000), pytest.raises(SearchError) as caught:
        write_manifest(path, {"seq": 2, "much": "x" * 5_000})
    assert caught.value.code is ErrorCode.STORAGE
    assert read(path) == {"seq": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["some.json"]


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """The nearest to a full disk that a process can arrange for itself."""
    assert os.name == "posix"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
