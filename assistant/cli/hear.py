"""`./sori hear`: a recorded question in, a spoken answer out."""

from __future__ import annotations

import argparse
import base64
import os
import sys
from pathlib import Path

from assistant.cli.ask import EXIT_FAILED_TURN
from assistant.cli.output import as_json, as_text
from assistant.client import service
from assistant.errors import StartError
from assistant.settings import Settings, load_settings
from assistant.setup.environments import SetupError


def run(options: argparse.Namespace) -> int:
    """Ask with a recording. 3 when the turn itself failed."""
    settings = load_settings(data_dir=options.data_dir)
    recording = _read(options.question, settings)
    if options.output and not options.output.parent.is_dir():
        raise SetupError(f"{options.output.parent} is not a folder, so {options.output} cannot be written")
    try:
        with service(settings) as client:
            turn = client.hear(recording, speech=options.output is not None)
    except StartError as error:
        raise SetupError(f"{options.question}: {error}") from error
    print(as_json(turn) if options.json else f'Heard: "{turn["transcript"]}"\n{as_text(turn)}')
    if options.output:
        _write(options.output, base64.b64decode(turn["audio"]))
    return EXIT_FAILED_TURN if turn["failure"] else 0


def _read(question: str, settings: Settings) -> bytes:
    limit = settings.upload_max_mb * 1_000_000
    try:
        if question == "-":
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(question).open("rb") as file:
                data = file.read(limit + 1)
    except OSError as error:
        raise SetupError(f"{question} cannot be read: {error.strerror}") from error
    if len(data) > limit:
        raise SetupError(f"{question} is larger than {settings.upload_max_mb} MB; a question is at most a minute long")
    if not data:
        raise SetupError(f"{question} is empty")
    return data


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise SetupError(f"{path} cannot be written: {error.strerror}") from error
