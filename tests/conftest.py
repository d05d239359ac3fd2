"""Which tests stay together when several processes run them."""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ONE_SERVICE = ("service", "dialogue", "robustness")
"""Folders whose tests need the prepared data of `data/test` for themselves, which one process has open at a time."""


class Together(LoadScopeScheduling):
    """A file's tests share its fixtures, and so run in one process; those of `ONE_SERVICE` share more."""

    def _split_scope(self, nodeid: str) -> str:
        _, folder, *_ = nodeid.split("/")
        return "service" if folder in ONE_SERVICE else nodeid.split("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """Instead of what `--dist` names."""
    return Together(config, log)
