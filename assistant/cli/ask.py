"""`./sori ask`: a written turn, or a conversation."""

from __future__ import annotations

import argparse
import sys

from assistant.cli.output import as_json, as_text
from assistant.client import ServiceClient, service
from assistant.errors import StartError
from assistant.settings import load_settings
from assistant.setup.environments import SetupError

EXIT_FAILED_TURN = 3


def run(options: argparse.Namespace) -> int:
    """Ask once, or until there is nothing more to ask. 3 when the turn itself failed."""
    settings = load_settings(data_dir=options.data_dir)
    try:
        with service(settings) as client:
            if options.words:
                return _ask(client, " ".join(options.words), options.json)
            return _converse(client, options.json)
    except StartError as error:
        raise SetupError(str(error)) from error


def _ask(client: ServiceClient, text: str, json: bool) -> int:
    turn = client.ask(text)
    print(as_json(turn) if json else as_text(turn))
    return EXIT_FAILED_TURN if turn["failure"] else 0


def _converse(client: ServiceClient, json: bool) -> int:
    conversation = None
    asking = sys.stdin.isatty()
    if asking:
        print('Ask for something to hear or watch; "help" says what else there is. An empty line ends.')
    while text := _line(asking):
        try:
            turn = client.ask(text, conversation)
        except StartError as error:
            print(f"sori: {error}", file=sys.stderr)
            continue
        conversation = turn["conversation"]
        print(as_json(turn) if json else as_text(turn), flush=True)
    return 0


def _line(asking: bool) -> str:
    try:
        return input("> " if asking else "").strip()
    except EOFError:
        return ""
