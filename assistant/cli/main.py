"""Where ./sori arrives: reads the command, makes its environment, and goes on inside it."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from assistant.cli.parser import build_parser
from assistant.setup import environments
from assistant.setup.environments import Environment, SetupError

EXIT_INTERRUPTED = 130

NEEDS: dict[str, tuple[Environment, ...]] = {
    # The first one runs the command; the others are started by it.
    "demo": (environments.SERVICE, environments.RASA),
    "ask": (environments.SERVICE, environments.RASA),
    "hear": (environments.SERVICE, environments.RASA),
    "talk": (environments.SERVICE, environments.RASA),
    "models": (environments.SERVICE,),
    "voice": (environments.SERVICE,),
    "import": (environments.SERVICE,),
    "export": (environments.SERVICE,),
    "media": (environments.SERVICE,),
    "keys": (environments.SERVICE,),
    "console": (environments.SERVICE,),
    "shops": (environments.SERVICE,),
    "orders": (environments.SERVICE,),
    "returns": (environments.SERVICE,),
    "index": (environments.SERVICE,),
    "evaluate": (environments.SERVICE,),
    "doctor": (),
    "test": (environments.TEST, environments.SERVICE, environments.RASA),
}

MODULES = {"import": "imports", "export": "exports"}
"""Where a command's own name cannot be that of its module."""


def main(arguments: Sequence[str]) -> int:
    """Run one command.

    Returns:
        The exit status: 0 done, 1 failed with a message, 2 wrongly called, 130 interrupted.
    """
    parser = build_parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 0
    try:
        _enter(NEEDS[options.command], arguments)
        command = importlib.import_module(f"assistant.cli.{MODULES.get(options.command, options.command)}")
        status = command.run(options)
    except SetupError as error:
        print(f"sori: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next start carries on from here.", file=sys.stderr)
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`./sori ask ... | head`): nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    assert isinstance(status, int)
    return status


def _enter(needed: Sequence[Environment], arguments: Sequence[str]) -> None:
    """Make the environments that the command needs, and replace this process by one inside the first."""
    for environment in needed:
        environments.ensure(environment)
    if needed and sys.prefix != str(needed[0].path):
        python = str(needed[0].python)
        os.environ["PYTHONPATH"] = str(environments.ROOT)
        os.execv(python, [python, "-P", "-m", "assistant", *arguments])  # noqa: S606 - our own interpreter
