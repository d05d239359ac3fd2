"""How a shop's inbox of unanswered questions does with a thousand real messages: groups, and the time of its pages."""

from __future__ import annotations

import csv
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.chat.archive import Archive, View
from assistant.chat.log import ChatLog
from assistant.chat.records import Body, Kept
from assistant.chat.rows import Draft
from assistant.chat.server_messages import Sender
from assistant.chat.sessions import Shopper
from assistant.learning.gathering import Gathering
from assistant.learning.inbox import Inbox
from assistant.learning.question import State, Wanted
from assistant.storage.store import Store
from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table, percentile
from search_index import Encoder, open_encoder
from skills.fact import Missing, unanswered
from skills.shopping.catalogue import Catalogues
from skills.shopping.shop import Shop
from skills.storefront import ShopAnswers

MESSAGES = MEASURING_DATA / "nlu" / "shop_messages_test.csv"
SHOP = "inbox"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AIM = 0.8
READS = 20

ABOUT = """
Every message of shop_messages_test (HINT3 v2, curekart) with a letter in it is asked in a chat of its own and not
answered; the inbox then
gathers them, all at once, and by hundreds as they come in. A group's purity is the share of the label that most of it
has; labels are those of the data's authors, "no topic" among them, and the mean counts every message once. The pages'
times are those of their queries, in a file of SQLite, without the drawing of the page.
"""


def run(workplace: Workplace) -> Findings:
    """Gather in both ways, then read."""
    if not MESSAGES.is_file():
        raise FileNotFoundError(f"there is no file {MESSAGES}")
    encoder = open_encoder("minilm", workplace.paths.encoder)
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        asked = [(row["sentence"].strip(), row["label"]) for row in csv.DictReader(file)]
    asked = [(text, label) for text, label in asked if any(letter.isalpha() for letter in text)]
    rows: list[tuple[Cell, ...]] = []
    reads: list[tuple[Cell, ...]] = []
    purities = []
    for name, step in (("all at once", len(asked)), ("by hundreds", 100)):
        workplace.say(f"gathering {name}")
        with tempfile.TemporaryDirectory() as folder:
            place = _Place(Path(folder), encoder)
            times = [place.gather(asked[start : start + step], start) for start in range(0, len(asked), step)]
            groups, purity = place.purity(dict(asked))
            purities.append(purity)
            rows.append((name, len(asked), groups, round(purity, 3), round(max(times), 2)))
            reads = place.reads()
            place.store.close()
    reached = "reached" if min(purities) >= AIM else "missed"
    return Findings(
        (
            Table(("messages come", "messages", "groups", "purity", "longest gathering s"), tuple(rows)),
            Table(("page", "p50 ms", "p95 ms"), tuple(reads)),
        ),
        (f"Aim: purity {AIM}. Measured: {min(purities):.3f}; {reached}.",),
    )


class _Place:
    """A database with one shop."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self.store = Store(f"sqlite:///{folder / 'sori.db'}")
        Catalogues(self.store.engine).put_shop(Shop(id=SHOP, name="Inbox"))
        self.log = ChatLog(self.store.engine)
        self.inbox = Inbox(self.store.engine)
        self.gathering = Gathering(self.store.engine, self.inbox, ShopAnswers(self.store.engine), encoder)

    def gather(self, asked: list[tuple[str, str]], first: int) -> float:
        """Let these be asked in vain; how long it takes until the inbox has them, seconds."""
        for number, (text, _) in enumerate(asked, first):
            chat, at = f"chat-{number}", NOW + timedelta(seconds=number)
            seq, _new = self.log.accept(chat, Shopper(SHOP, chat), "en", "m1", Body(text=text), at, ask=True)
            question = Kept(chat, seq, Sender.SHOPPER, Body(text=text), at, "m1")
            facts = (unanswered(Missing.UNKNOWN, text),)
            self.log.answer(question, [Draft(Sender.BOT, Body(text="I do not know."), facts=facts)], at)
        began = time.perf_counter()
        self.gathering.gather(SHOP, NOW + timedelta(days=1))
        return time.perf_counter() - began

    def purity(self, labels: dict[str, str]) -> tuple[int, float]:
        """How many groups there are, and what share of all messages has the label that most of their group have."""
        found: dict[str, Counter[str]] = {}
        for one in self.inbox.known(SHOP):
            found.setdefault(one.group, Counter())[labels[one.question.text]] += 1
        most = sum(counted.most_common(1)[0][1] for counted in found.values())
        return len(found), most / sum(counted.total() for counted in found.values())

    def reads(self) -> list[tuple[Cell, ...]]:
        """The times of what the pages read, milliseconds."""
        archive = Archive(self.store.engine)
        pages: tuple[tuple[str, Callable[[], object]], ...] = (
            ("the inbox, first page", lambda: self.inbox.listing(SHOP, Wanted())),
            ("the inbox, searched", lambda: self.inbox.listing(SHOP, Wanted(words="delivery"))),
            ("counts of states", lambda: self.inbox.counts(SHOP)[State.OPEN]),
            ("nothing new to gather", lambda: self.gathering.gather(SHOP, NOW + timedelta(days=1))),
            ("conversations, first page", lambda: archive.listing(SHOP, View.ALL, "Mia")),
            ("conversations, searched in vain", lambda: archive.listing(SHOP, View.ALL, "Mia", "zeppelin")),
        )
        rows: list[tuple[Cell, ...]] = []
        for name, read in pages:
            times = []
            for _ in range(READS):
                began = time.perf_counter()
                read()
                times.append(1_000 * (time.perf_counter() - began))
            rows.append((name, round(percentile(times, 50), 1), round(percentile(times, 95), 1)))
        return rows


BENCHMARK = Benchmark("question_inbox", "A shop's unanswered questions", ABOUT, run)
