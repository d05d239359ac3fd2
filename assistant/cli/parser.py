"""What can be typed after ./sori, and what its help says."""

from __future__ import annotations

import argparse
from pathlib import Path
from textwrap import dedent

OVERVIEW = """\
Sori is a voice assistant for media and commerce that runs on your own machines.

  ./sori demo                      set up what is missing, start, and print the address of the page
  ./sori ask "find me a talk about black holes"
  ./sori hear question.wav -o answer.wav
  ./sori test                      run every test

Settings come from environment variables (SORI_PORT=9000) and from sori.toml; docs/settings.md lists them.
"""


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; each sub-command's name is in `command`."""
    parser = argparse.ArgumentParser(
        prog="./sori", description=OVERVIEW, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for add in (_demo, _ask, _hear, _talk, _models, _doctor, _test):
        add(commands)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str, more: str
) -> argparse.ArgumentParser:
    return commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.\n\n{dedent(more)}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _data_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="where everything that is made is kept (default: data/ in the checkout)",
    )


def _demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "demo",
        "set up what is missing and start the assistant with its demo catalogue",
        """\
        The first start installs two Python environments (about 5 GB), trains the dialogue model, fills the index and
        speaks the demo recordings: minutes. Later starts take seconds. Whatever interrupts it, the next start carries
        on. Ctrl-C stops everything it started.
        """,
    )
    parser.add_argument(
        "--host", metavar="ADDRESS", help="address to listen on (default: 127.0.0.1, this machine only)"
    )
    parser.add_argument("--port", type=int, metavar="N", help="port to listen on (default: 8080; 0 takes a free one)")
    _data_dir(parser)


def _ask(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "ask",
        "ask in writing, once or in a conversation",
        """\
        With words, prints the answer to them. Without, opens a prompt that keeps the conversation; an empty line or
        Ctrl-D ends it. Uses the service that is running on this data directory, or starts one for as long as it needs.
        """,
    )
    parser.add_argument("words", nargs="*", metavar="WORDS", help="the question")
    parser.add_argument(
        "--json", action="store_true", help="print the whole turn: understanding, reply, cards, times per stage"
    )
    _data_dir(parser)


def _hear(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "hear",
        "ask with a recording and get a spoken answer",
        """\
        Any format that FFmpeg reads will do: WAV, MP3, M4A, Opus, WebM, FLAC, at any rate, mono or not; "-" reads
        standard input. A question is at most a minute long.
        """,
    )
    parser.add_argument("question", metavar="QUESTION", help='the recording, or "-" for standard input')
    parser.add_argument("-o", "--output", type=Path, metavar="ANSWER.wav", help="write the spoken answer here")
    parser.add_argument(
        "--json", action="store_true", help="print the whole turn: transcript, alternatives, understanding, times"
    )
    _data_dir(parser)


def _talk(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "talk",
        "talk hands-free with this machine's microphone and loudspeaker",
        """\
        Speak when it says "listening"; it answers, plays, and listens again. Ctrl-C ends it. Where there is no
        microphone it says so, and what else to do.
        """,
    )
    _data_dir(parser)


def _models(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "models",
        "list the speech recognition models and choose one",
        """\
        Vosk models go into DATA_DIR/models/vosk/, one folder each, unpacked. Without a name, lists what is there and
        what is wrong with it. With a name, checks that model and uses it from the next start on; "auto" goes back to
        choosing by itself: a Vosk model if there is a sound one, otherwise pocketsphinx, which needs no download.
        """,
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help='a model\'s folder name, "pocketsphinx", or "auto"')
    _data_dir(parser)


def _doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "doctor",
        "say what is present, missing or wrong, and how to mend it",
        """\
        Changes nothing. Exits with 0 when `./sori demo` can be expected to work, with 1 otherwise.
        """,
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    _data_dir(parser)


def _test(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "test",
        "install what the tests need and run all of them",
        """\
        Format and lint (ruff), types (mypy), import directions (import-linter), then pytest with real parts: Rasa,
        the recogniser, the index, SQLite and PostgreSQL, Chromium. Words after "--" go to pytest and skip the rest:
        ./sori test -- tests/voice -k sentences
        """,
    )
    parser.add_argument("pytest", nargs="*", metavar="-- PYTEST_ARGUMENT", help="arguments for pytest alone")
