"""The worker's command line.

    SORI_WORKER_TOKEN=... python -m assistant.rasa_worker --model MODEL.tar.gz --socket FOLDER/SOCKET

Standard input must be a pipe that the starter holds open: when it closes, because the starter ended or was killed, the
worker ends too, so that no orphan is left.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.rasa_worker import logs
from assistant.rasa_worker.errors import WorkerError

if TYPE_CHECKING:
    from assistant.rasa_worker.engine import Engine

_log = logging.getLogger("assistant.rasa_worker")


def main() -> int:
    """Load the model and serve; the exit status is 0 after an orderly end, 2 for a wrong start."""
    parser = argparse.ArgumentParser(prog="assistant.rasa_worker", description="Holds Rasa's agent for the service.")
    parser.add_argument("--model", type=Path, required=True, help="a model that assistant.rasa_worker.train made")
    parser.add_argument("--socket", type=Path, required=True, help="where to listen; its folder is made with mode 700")
    parser.add_argument("--max-conversations", type=int, default=2_000, help="how many conversations are remembered")
    arguments = parser.parse_args()
    logs.configure()
    token = os.environ.pop("SORI_WORKER_TOKEN", "")
    if not token:
        _log.error("SORI_WORKER_TOKEN is not set")
        return 2
    if not arguments.model.is_file():
        _log.error("there is no model at %s", arguments.model)
        return 2
    threading.Thread(target=_end_with_starter, daemon=True).start()
    return _run(arguments.model, arguments.socket, arguments.max_conversations, token)


def _run(model: Path, socket: Path, max_conversations: int, token: str) -> int:
    started = time.perf_counter()
    _quieten()
    from assistant.rasa_worker.engine import Engine  # Rasa and TensorFlow: seconds, so only once all else is right

    imported = time.perf_counter()
    engine = Engine.load(model, max_conversations)
    loaded = time.perf_counter()
    _log.info("imported in %.1f s, loaded in %.1f s", imported - started, loaded - imported)
    try:
        asyncio.run(_serve(engine, socket, token))
    except (WorkerError, OSError) as error:
        _log.error("cannot serve on %s: %s", socket, error)
        return 2
    return 0


async def _serve(engine: Engine, socket: Path, token: str) -> None:
    from assistant.rasa_worker.faces import MEDIA
    from assistant.rasa_worker.server import serve

    await engine.understand(["hello"], MEDIA)  # the first text takes ten times as long as the next: take it now
    await serve(engine, socket, token)


def _quieten() -> None:
    """Keep Rasa's libraries from chatting, phoning home and loading what nobody needs."""
    os.environ.update(RASA_TELEMETRY_ENABLED="false", TF_CPP_MIN_LOG_LEVEL="3", LOG_LEVEL="WARNING")
    logging.captureWarnings(True)  # its libraries reset the filters, so their warnings are dropped as log records
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    # TensorFlow imports jax where it is installed, for a converter: half a second and 60 MB for nothing.
    sys.modules["jax"] = None  # type: ignore[assignment]
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)


def _end_with_starter() -> None:
    """Wait for the end of standard input; a thread, since Rasa may hold the event loop for long."""
    while sys.stdin.buffer.read(4_096):
        pass
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
