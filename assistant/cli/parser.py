"""What can be typed after ./sori, and what its help says."""

from __future__ import annotations

import argparse
import os
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
    for add in (
        _demo,
        _ask,
        _hear,
        _talk,
        _import,
        _export,
        _media,
        _keys,
        _console,
        _shops,
        _orders,
        _returns,
        _models,
        _voice,
        _index,
        _evaluate,
        _doctor,
        _test,
    ):
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
        microphone it says so, and what else to do. Nothing here takes the loudspeaker out of what the microphone
        hears, so it does not listen while it speaks, unless you say that you wear headphones.
        """,
    )
    parser.add_argument(
        "--barge-in", action="store_true", help="listen while it speaks too, so that you can interrupt; for headphones"
    )
    parser.add_argument(
        "--wake",
        metavar="WORD",
        nargs="?",
        const="hey sori",
        help='listen only after this word (default: "hey sori"); what is said before it never leaves this machine',
    )
    parser.add_argument(
        "--listener",
        metavar="TOKEN",
        help="go on with what another device has played; the token is at the end of the link that its page shows",
    )
    _data_dir(parser)


def _import(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "import",
        "bring podcasts, recordings and catalogues into the catalogue",
        """\
        Beside a running service, which takes them in by itself, or without. Whatever interrupts it, the same command
        goes on from there; run again later, it takes in what is new or has changed. docs/media.md says what is done.
        """,
    )
    actions = parser.add_subparsers(dest="action", metavar="WHAT", title="what", required=True)
    media = actions.add_parser(
        "media",
        help="podcast feeds, folders of recordings, catalogues",
        description="A podcast feed (address or file), recordings (folder or file), a catalogue (JSONL, JSON, CSV).",
        allow_abbrev=False,
    )
    media.add_argument("sources", nargs="+", metavar="SOURCE", help="an address, a file or a folder")
    media.add_argument(
        "--no-download", action="store_true", help="keep what the source itself says; a later import fetches the rest"
    )
    media.add_argument("--json", action="store_true", help="print the report as JSON")
    captions = actions.add_parser(
        "captions", help="captions that correct those of an imported item, in any form", allow_abbrev=False
    )
    captions.add_argument("item", metavar="ITEM", help="the item's id")
    captions.add_argument("file", type=Path, metavar="FILE", help="WebVTT, SRT, JSON, HTML or text with times")
    products = actions.add_parser(
        "products",
        help="a feed of products into a shop's catalogue",
        description=(
            "Google Merchant (TSV, CSV, XML), schema.org JSON-LD (file or page), Naver EP, Shopify and WooCommerce "
            "CSV, a table of reviews, or any other table: its columns are guessed, shown and confirmed. Exits with 0 "
            "where every row was used, 3 where some were left out, 4 where something has to be confirmed first."
        ),
        allow_abbrev=False,
    )
    products.add_argument("source", metavar="SOURCE", help="an address or a file")
    products.add_argument("--shop", required=True, metavar="ID", help="the shop's id; ./sori shops list shows them")
    products.add_argument(
        "--format",
        choices=("auto", "google", "jsonld", "naver", "shopify", "woocommerce", "csv", "reviews"),
        default="auto",
        help="what the feed is (default: found out)",
    )
    products.add_argument("--mapping", type=Path, metavar="FILE", help="what each column is, as JSON")
    products.add_argument("--yes", action="store_true", help="take the columns for what they are guessed to be")
    products.add_argument("--update", action="store_true", help="products that the feed does not name stay")
    products.add_argument(
        "--force", action="store_true", help="also where many rows are bad, or many products would be removed"
    )
    products.add_argument("--no-index", action="store_true", help="leave the index to the next start of the service")
    products.add_argument("--report", type=Path, metavar="FILE", help="write what was wrong to a CSV file")
    products.add_argument("--json", action="store_true", help="print how it ended as JSON")
    for action in (media, captions, products):
        _data_dir(action)


def _export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "export",
        "write the captions of an imported item to a file",
        """\
        Corrected, they go back with `./sori import captions ITEM FILE`.
        """,
    )
    actions = parser.add_subparsers(dest="action", metavar="WHAT", title="what", required=True)
    captions = actions.add_parser("captions", help="what is said in an item, with times", allow_abbrev=False)
    captions.add_argument("item", metavar="ITEM", help="the item's id")
    captions.add_argument("--format", choices=("vtt", "srt"), default="vtt", help="WebVTT (default) or SRT")
    captions.add_argument("-o", "--output", type=Path, metavar="FILE", help="where to; standard output where left out")
    _data_dir(captions)


def _media(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "media",
        "take imported items away again",
        """\
        Beside a running service, which follows within seconds, or without.
        """,
    )
    actions = parser.add_subparsers(dest="action", metavar="WHAT", title="what", required=True)
    remove = actions.add_parser("remove", help="an item, and its files that no other item has", allow_abbrev=False)
    remove.add_argument("item", metavar="ITEM", help="the item's id")
    tidy = actions.add_parser("tidy", help="files under DATA_DIR/media that nothing needs any more", allow_abbrev=False)
    for action in (remove, tidy):
        _data_dir(action)


def _keys(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "keys",
        "make and take back the keys of creators, and of the people who answer in a shop's chat",
        """\
        A key opens /studio and the HTTP interface of uploads to one creator. Keys of the same name are the same
        creator's: to replace one, make another and revoke the first. docs/studio.md tells more. With --agent it opens
        the interface for programs that answer in that shop's chat; people do it in the console.
        """,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    add = actions.add_parser("add", help="make a key, and print it once", allow_abbrev=False)
    add.add_argument("name", type=_creator, metavar="NAME", help='the creator, as listeners are told: "Mina Park"')
    whose = add.add_mutually_exclusive_group()
    whose.add_argument("--shop", metavar="ID", help="for the HTTP interface of this shop instead: the name is a label")
    whose.add_argument("--agent", metavar="SHOP", help="for a program that answers in this shop's chat")
    add.add_argument("--json", action="store_true", help="print it as JSON")
    listed = actions.add_parser("list", help="every key: whose, since when, last used", allow_abbrev=False)
    revoke = actions.add_parser("revoke", help="let nobody in with a key any more", allow_abbrev=False)
    revoke.add_argument("key", metavar="ID", help="the key's id, from the list")
    for action in (add, listed, revoke):
        _data_dir(action)


def _console(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "console",
        "who may use the console: invite, list and remove people",
        """\
        `invite` sends an e-mail with a link, and prints the link: who opens it chooses a password and is signed in at
        /console/. It works once, for a week. Owners invite their team themselves. docs/console.md tells more.
        """,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    invite = actions.add_parser("invite", help="invite somebody", allow_abbrev=False)
    invite.add_argument("email", metavar="EMAIL", help="the address that signs in")
    whose = invite.add_mutually_exclusive_group(required=True)
    whose.add_argument("--shop", metavar="ID", help="to this shop; ./sori shops list shows them")
    whose.add_argument("--operator", action="store_true", help="to operate every shop")
    invite.add_argument(
        "--role", choices=("viewer", "agent", "manager", "owner"), default="owner", help="what they are there (owner)"
    )
    listed = actions.add_parser("list", help="every account, and what it is where", allow_abbrev=False)
    remove = actions.add_parser("remove", help="forget an account, at once", allow_abbrev=False)
    remove.add_argument("email", metavar="EMAIL", help="the address that signs in")
    for action in (invite, listed, remove):
        _data_dir(action)


def _orders(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "orders",
        "what was ordered in a shop, and moving an order on",
        """\
        What the people of a shop do who pack and send: `pack`, `ship` and `deliver` move an order to its next state,
        which its customer is told when they ask. docs/shopping.md tells more.
        """,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    listed = actions.add_parser("list", help="the shop's orders, the newest first", allow_abbrev=False)
    listed.add_argument("--json", action="store_true", help="print them as JSON")
    listed.add_argument("shop", metavar="SHOP", help="the shop's id")
    _data_dir(listed)
    for name, what in (("pack", "is packed"), ("ship", "is on its way"), ("deliver", "has arrived")):
        move = actions.add_parser(name, help=f"an order {what}", allow_abbrev=False)
        move.add_argument("shop", metavar="SHOP", help="the shop's id")
        move.add_argument("number", metavar="NUMBER", help="the order's number, as NF-1042")
        if name == "ship":
            move.add_argument("--note", default="", metavar="TEXT", help="for its customer: the parcel's number")
        _data_dir(move)


def _returns(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "returns",
        "what customers of a shop send back",
        """\
        `receive` says that a return has arrived as it has to be: its money goes back, or its replacement is to leave.
        `reject` says that it cannot be taken back. docs/shopping.md tells more.
        """,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    listed = actions.add_parser("list", help="the shop's returns, the newest first", allow_abbrev=False)
    receive = actions.add_parser("receive", help="a return is here", allow_abbrev=False)
    reject = actions.add_parser("reject", help="a return is not taken back", allow_abbrev=False)
    reject.add_argument("--note", default="", metavar="TEXT", help="why, for its customer")
    for action in (listed, receive, reject):
        action.add_argument("shop", metavar="SHOP", help="the shop's id")
        if action is not listed:
            action.add_argument("number", metavar="NUMBER", help="the return's number, as RT-123456")
        _data_dir(action)


def _creator(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise argparse.ArgumentTypeError("1 to 80 characters on one line")
    return name


def _shops(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "shops",
        "open, change and close the shops that are served here",
        """\
        The demo shops are there from the start. `set` takes NAME=VALUE for what `show` shows, lists and groups as
        JSON: ./sori shops set mine tagline="Warm things" origins='["https://mine.example"]'. docs/shopping.md
        tells more.
        """,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    add = actions.add_parser("add", help="open a shop", allow_abbrev=False)
    add.add_argument("--name", required=True, metavar="NAME", help="as customers are told")
    add.add_argument("--currency", default="USD", metavar="CODE", help="ISO 4217, of all its prices (USD)")
    add.add_argument(
        "--origin", action="append", default=[], metavar="ORIGIN", help="a site whose pages may have its widget"
    )
    listed = actions.add_parser("list", help="every shop", allow_abbrev=False)
    show = actions.add_parser("show", help="everything about a shop, as JSON", allow_abbrev=False)
    change = actions.add_parser("set", help="change something about a shop", allow_abbrev=False)
    secret = actions.add_parser(
        "secret", help="print the secret by which the shop's site vouches for its customers", allow_abbrev=False
    )
    remove = actions.add_parser("remove", help="close a shop and forget everything of it", allow_abbrev=False)
    remove.add_argument("--yes", action="store_true", help="it is meant")
    for action in (add, show, change, secret, remove):
        action.add_argument("shop", metavar="ID", help="the shop's id: small letters, digits and hyphens")
    change.add_argument("changes", nargs="+", metavar="NAME=VALUE", help="what becomes of it")
    for action in (add, listed, show, change, secret, remove):
        _data_dir(action)


def _models(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "models",
        "list the speech recognition models and choose one",
        """\
        Downloaded Vosk models go into DATA_DIR/models/vosk/, one folder each, unpacked. Without a name, lists what is
        there and what is wrong with it. With a name, verifies that model (its files, their checksums, a test sentence
        in a process of its own) and uses it from the next start on; "auto" goes back to choosing by itself: a
        downloaded model, the adapted one, the one that comes with Sori, else pocketsphinx, whichever works first.
        """,
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help='a model of the list, "pocketsphinx", or "auto"')
    parser.add_argument("--verify", action="store_true", help="only verify the model, and say what was found")
    _data_dir(parser)


def _voice(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "voice",
        "train the speech model, adapt it to its people, or go back",
        """\
        "train" makes the model that ships with Sori, from synthetic speech alone: most of an hour on one core. "adapt"
        lets it learn from recordings without transcripts. Both go on where an interruption left them.
        """,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    train = actions.add_parser("train", help="make a speech model from the product's own words", allow_abbrev=False)
    train.add_argument("--words", type=Path, metavar="FILE", help="more words that can be said, as plain text")
    train.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed gives the same model (1)")
    train.add_argument("--hours", type=_hours, default=8.0, metavar="H", help="hours of synthetic speech (8)")
    train.add_argument(
        "--from", dest="start", type=Path, metavar="MODEL", help="folder of a model of ours to go on from"
    )
    train.add_argument(
        "--out", type=Path, metavar="DIR", help="folder to write (DATA_DIR/models/vosk/sori-english, or voice/wake)"
    )
    train.add_argument("--spotter", action="store_true", help="make the wake word's network and thresholds instead")
    adapt = actions.add_parser("adapt", help="learn from recordings of commands", allow_abbrev=False)
    adapt.add_argument("recordings", type=Path, metavar="DIR", help="folder of recordings, of any format")
    adapt.add_argument(
        "--consent", required=True, metavar="WHO_AND_HOW", help="who agreed to this and how; stands on the model's card"
    )
    restore = actions.add_parser("restore", help="go back to the model before the last adaptation", allow_abbrev=False)
    for action in (train, adapt):
        action.add_argument(
            "--processes", type=_processes, default=1, metavar="N", help="processes that work at once (1)"
        )
    for action in (train, adapt, restore):
        _data_dir(action)


def _hours(text: str) -> float:
    hours = float(text)
    if not 0 < hours <= 100:
        raise argparse.ArgumentTypeError("more than 0 and at most 100")
    return hours


def _processes(text: str) -> int:
    processes = int(text)
    if not 1 <= processes <= (os.cpu_count() or 1):
        raise argparse.ArgumentTypeError(f"1 to {os.cpu_count()}, as this machine has so many")
    return processes


def _index(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "index",
        "look after the semantic index: check, rebuild, snapshot, restore, stats, tune",
        """\
        "check", "snapshot" and "stats" may be used while the service runs; "rebuild" and "restore" say so if it has to
        be stopped first. A snapshot is one file with all that cannot be made again: documents and their vectors.
        "tune" learns from judgments (see ./sori evaluate search -h) how words and meaning are best weighed, and with
        enough of them a re-ranker; it switches on only what is better for queries it was not learnt from.
        """,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    check = actions.add_parser("check", help="verify every checksum and count; exits with 1 where one is wrong")
    rebuild = actions.add_parser("rebuild", help="make the files of words and vectors anew from the documents")
    snapshot = actions.add_parser("snapshot", help="copy the collection, as it is at this moment, to a new file")
    snapshot.add_argument("file", type=Path, metavar="FILE", help="the file to make")
    restore = actions.add_parser("restore", help="have what a snapshot has; what there is now is gone")
    restore.add_argument("file", type=Path, metavar="FILE", help="a file made by snapshot")
    stats = actions.add_parser("stats", help="say how much there is")
    for action in (check, stats):
        action.add_argument("--json", action="store_true", help="print it as JSON")
    tune = actions.add_parser("tune", help="learn from judgments, and switch on what is better for certain")
    _judgments(tune, required=False)
    tune.add_argument("--dry-run", action="store_true", help="only show what would be switched on")
    tune.add_argument("--reset", action="store_true", help="forget what was learnt")
    for action in (check, rebuild, snapshot, restore, stats, tune):
        # The names are those of assistant.collections, which cannot be imported before the environment is there.
        action.add_argument("--collection", choices=("media",), default="media", help="which collection (media)")
        _data_dir(action)


def _evaluate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "evaluate",
        "measure how good the answers of a search are",
        """\
        "search" asks a collection every query of a file of judgments and reports nDCG@10, recall, hit and how many of
        the first ten were judged at all, each with its 95 % interval over queries; with --baseline also where it wins
        and loses against an earlier run. Judgments are .tsv or .jsonl with query, id, grade (0: not relevant), for
        moments of recordings start_ms and end_ms too, or TREC qrels with --queries. docs/search.md tells how.
        """,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    search = actions.add_parser("search", help="evaluate a collection of the semantic index", allow_abbrev=False)
    _judgments(search, required=True)
    search.add_argument("--baseline", type=Path, metavar="RUN", help="a run to compare with, in TREC's form")
    search.add_argument("--run-out", type=Path, metavar="FILE", help="keep this run, to compare with later")
    search.add_argument("--picture", type=Path, metavar="FILE", help="draw it, as .png or .svg")
    search.add_argument("--json", action="store_true", help="print every figure, query by query, as JSON")
    search.add_argument("--collection", choices=("media",), default="media", help="which collection (media)")
    _data_dir(search)


def _judgments(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--judgments", type=Path, metavar="FILE", required=required, help="what answers which query, and how well"
    )
    parser.add_argument("--queries", type=Path, metavar="FILE", help="for qrels: number, tab, text of each query")


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
