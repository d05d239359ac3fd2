"""The worker's log: JSON lines on standard error, each with the conversation it belongs to."""

from __future__ import annotations

import json
import logging
import sys
import time
from contextvars import ContextVar

conversation_id: ContextVar[str | None] = ContextVar("conversation_id", default=None)


class JsonLines(logging.Formatter):
    """One record, one line; what was said is never part of it."""

    def format(self, record: logging.LogRecord) -> str:
        """A JSON object: time (UTC), level, logger, conversation, message, and the exception if there is one."""
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "conversation": conversation_id.get(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure() -> None:
    """Send our own records from INFO and everybody else's from WARNING to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("assistant").setLevel(logging.INFO)
