"""Which tests stay together when several processes run them."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent

ONE_SERVICE = ("service", "dialogue", "robustness")
"""Folders whose tests need the prepared data of `data/test` for themselves, which one process has open at a time."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests share its fixtures; those of `ONE_SERVICE` share more."""
    for item in items:
        folder, *_ = item.path.relative_to(TESTS).parts
        group = "service" if folder in ONE_SERVICE else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))
