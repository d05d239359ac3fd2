"""`./sori demo`: set up what is missing, serve, and print the address."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading

from assistant.cli.interrupts import stop_on_signals
from assistant.errors import StartError
from assistant.logs import configure_logs
from assistant.paths import DataPaths
from assistant.preparation import prepare
from assistant.running import OWNER, ServiceLock
from assistant.serving import check_address, serve
from assistant.settings import Settings, load_settings
from assistant.setup.environments import SetupError
from assistant.setup.progress import Step
from search_index import SearchError
from voice.errors import VoiceError


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C, or SIGTERM, which does the same."""
    stop_on_signals()
    settings = load_settings(data_dir=options.data_dir, host=options.host, port=options.port)
    configure_logs(settings)
    paths = DataPaths(settings.data_dir)
    if os.environ.pop(OWNER, None):
        threading.Thread(target=_end_with_owner, daemon=True).start()
    try:
        paths.make()
        check_address(settings)
        with ServiceLock(paths.run) as lock:
            _serve(settings, paths, lock)
    except (StartError, SearchError, VoiceError) as error:
        raise SetupError(str(error)) from error
    except OSError as error:
        raise SetupError(f"{error.strerror or error}{f' ({error.filename})' if error.filename else ''}") from error
    return 0


def _serve(settings: Settings, paths: DataPaths, lock: ServiceLock) -> None:
    model = prepare(paths, settings.database_url, encoder=settings.encoder, encoder_threads=settings.encoder_threads)
    starting = Step("Starting the service and Rasa").__enter__()

    def announce(url: str) -> None:
        lock.announce(url)
        starting.__exit__(None, None, None)
        print(f"\nSori is listening: {url}\nCtrl-C stops it.", flush=True)

    serve(settings, model, announce)


def _end_with_owner() -> None:
    """The command that started this service has gone, however it ended."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
