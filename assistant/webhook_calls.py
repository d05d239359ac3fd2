"""Makes the calls to shops' own systems, beside everything else."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import structlog

from skills.errors import SkillError
from skills.shopping.webhooks import KEPT, Webhooks

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 2.0
FORGET_EVERY = timedelta(hours=1)


class WebhookCalls:
    """A thread that looks for calls that are due. `start` once, `close` once."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self._work, name="webhooks", daemon=True)

    def start(self) -> None:
        """Make what is due, from now on."""
        self._worker.start()

    def close(self) -> None:
        """Make no more; what is due is made after the next start."""
        self._stopping.set()
        self._webhooks.close()
        if self._worker.is_alive():
            self._worker.join(timeout=15)

    def _work(self) -> None:
        forgotten = datetime.min.replace(tzinfo=UTC)
        while not self._stopping.wait(LOOK_EVERY_S):
            try:
                while self._webhooks.deliver(_now) and not self._stopping.is_set():
                    pass
                if _now() - forgotten >= FORGET_EVERY:
                    self._webhooks.forget(_now() - KEPT)
                    forgotten = _now()
            except SkillError as error:  # the database is away: the next look will find what is due
                log.warning("webhooks have to wait", why=str(error))
            except Exception:
                if not self._stopping.is_set():
                    log.exception("webhooks were not called")


def _now() -> datetime:
    return datetime.now(UTC)
