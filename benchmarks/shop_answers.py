"""Whether a shop's own answers are found for what its customers write, and whether it keeps quiet where it has none."""

from __future__ import annotations

import csv
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.benchmark import MEASURING_DATA, Benchmark, Workplace
from benchmarks.console_shop import console_shop
from benchmarks.report import Cell, Findings, Table, percentile
from search_index import Encoder, open_encoder
from skills.storefront import ShopAnswers
from skills.storefront.desk import LIKELY, SURE
from skills.storefront.matching import Matcher
from skills.storefront.wordings import Wordings
from tests.service.running import running_service

MESSAGES = MEASURING_DATA / "nlu"
NOTHING = "NO_NODES_DETECTED"
FEW = 5
"""Ways to ask a question that a shop has written itself, rather than collected."""
ROUNDS, SEED = 6, 6
THRESHOLDS = np.arange(0.20, 0.91, 0.02)
AIM_MCC, AIM_ACCURACY = 0.68, 0.78
PUBLISHED = (
    ("Haptik", 0.60, 0.75),
    ("Dialogflow", 0.58, 0.73),
    ("BERT", 0.55, 0.65),
    ("LUIS", 0.54, 0.71),
    ("Rasa", 0.51, 0.64),
)

ABOUT = f"""
599 messages to a shop's bot in 28 topics are its answers' ways to be asked, and 991 real messages of its customers
are the test, of which more than half ask for none of them (HINT3 v2, curekart). A message is answered with the topic
that scores best, or not at all below a threshold; accuracy and Matthews' correlation (MCC) count silence as one more
topic. The threshold is chosen without the test: {ROUNDS} times the topics are parted in two, one half is learnt with
two thirds of its messages, and what is left of it and as many messages of the other half are asked. The weights were
chosen in the same way; but the test's figures were in view when the form of the likeness was settled. Of the 40
settings best in that choice every one has an MCC between 0.66 and 0.72 on the test. The peers' figures are those of
the data's authors, at the threshold best for each on the test itself and labels of version 1; ours at that threshold
is beside it. The row with {FEW} messages leaves each topic its first ones, as a shop that writes its questions itself
may have. The first row is the product as a whole: the training file is imported on the console's own page and
published, and every message of the test is sent by a widget, each in a conversation of its own, at the threshold
that the product has. What counts as an answer is one of the shop's; whatever else the bot says counts as silence.
Two of the product's rules (a shop without products is answered by its own answers first; an answer with many wordings
has to fit surely) were made after looking at what this row got wrong before: it is no blind test of them.
"""


@dataclass(frozen=True)
class Messages:
    """Texts, topics, and vectors of meaning, float32 [messages, dimension]."""

    texts: list[str]
    topics: list[str]
    vectors: NDArray[np.float32]

    def some(self, which: Sequence[int]) -> Messages:
        """These of them."""
        return Messages([self.texts[i] for i in which], [self.topics[i] for i in which], self.vectors[list(which)])


@dataclass(frozen=True)
class Asked:
    """What each message would be answered with, how well that fits, and what it should be."""

    best: list[str]
    scores: NDArray[np.float64]
    wanted: list[str]

    def at(self, threshold: float) -> tuple[float, float]:
        """(MCC, accuracy) where nothing below is answered."""
        given = [one if score >= threshold else NOTHING for one, score in zip(self.best, self.scores, strict=True)]
        right = sum(one == wanted for one, wanted in zip(given, self.wanted, strict=True))
        return correlation(self.wanted, given), right / len(given)


def correlation(wanted: Sequence[str], given: Sequence[str]) -> float:
    """Matthews' correlation for several classes (Gorodkin 2004); 0 where one side is all of one class."""
    total, right = len(wanted), sum(one == other for one, other in zip(wanted, given, strict=True))
    of, to = Counter(wanted), Counter(given)
    joined = right * total - sum(of[one] * to[one] for one in of)
    spread = (total**2 - sum(n * n for n in of.values())) * (total**2 - sum(n * n for n in to.values()))
    return float(joined / spread**0.5) if spread else 0.0


def run(workplace: Workplace) -> Findings:
    """Choose the threshold on the training messages, then ask the test's."""
    if not MESSAGES.is_dir():
        raise FileNotFoundError(f"there is no folder {MESSAGES}")
    encoder = open_encoder("minilm", workplace.paths.encoder)
    learnt, test = (load(MESSAGES / f"shop_messages_{name}.csv", encoder) for name in ("train", "test"))
    workplace.say("choosing the threshold on training messages")
    chosen = choose(learnt)
    began = time.perf_counter()
    asked = ask(learnt, test)
    each_ms = 1000 * (time.perf_counter() - began) / len(test.texts)
    first: Counter[str] = Counter()
    few = [i for i, topic in enumerate(learnt.topics) if first.update([topic]) is None and first[topic] <= FEW]
    fewer, chosen_of_few = ask(learnt.some(few), test), choose(learnt.some(few))
    makings = [_making_ms(learnt) for _ in range(5)]
    at = asked.at(chosen)
    ideal = max(THRESHOLDS, key=asked.at)
    in_scope = [one == wanted for one, wanted in zip(asked.best, asked.wanted, strict=True) if wanted != NOTHING]
    whole, whole_ms = served(workplace, test)
    rows: list[tuple[Cell, ...]] = [
        ("Sori, imported on the console and asked at the widget", SURE, *_rounded(whole)),
        ("Sori, threshold chosen without the test", round(chosen, 2), *_rounded(at)),
        ("Sori, threshold best on the test", round(float(ideal), 2), *_rounded(asked.at(float(ideal)))),
        *((name, "best on the test", mcc, accuracy) for name, mcc, accuracy in PUBLISHED),
        (f"Sori with {FEW} messages a topic", round(chosen_of_few, 2), *_rounded(fewer.at(chosen_of_few))),
    ]
    return Findings(
        (Table(("who", "threshold", "MCC", "accuracy"), tuple(rows), f"{len(test.texts)} messages of customers"),),
        (
            f"Aims: MCC {AIM_MCC} and accuracy {AIM_ACCURACY}. At the widget: {whole[0]:.3f} and {whole[1]:.3f}; "
            f"{'reached' if whole[0] >= AIM_MCC and whole[1] >= AIM_ACCURACY else 'missed'}.",
            f"The product's threshold is {SURE}, and {LIKELY} where the dialogue knows that the shop is asked; "
            f"those chosen here are {chosen:.2f} with all messages and {chosen_of_few:.2f} with {FEW} a topic.",
            f"Of the {len(in_scope)} messages that have an answer, the best-scored answer is the right one for "
            f"{100 * sum(in_scope) / len(in_scope):.1f} %.",
            f"An edit is live after {percentile(makings, 50):.0f} ms (599 wordings, vectors known), and a question "
            f"takes {each_ms:.1f} ms beside its encoding; whole turns of widgets side by side take {whole_ms:.0f} ms.",
        ),
    )


def load(path: Path, encoder: Encoder) -> Messages:
    """The messages of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["sentence"].strip(), row["label"]) for row in csv.DictReader(file)]
    texts = [text for text, _ in rows]
    return Messages(texts, [topic for _, topic in rows], encoder.encode(texts))


def choose(learnt: Messages) -> float:
    """The threshold with the best mean MCC over parts of the training messages."""
    found = [[part.at(threshold)[0] for threshold in THRESHOLDS] for part in parts(learnt)]
    return float(THRESHOLDS[int(np.mean(found, axis=0).argmax())])


def parts(learnt: Messages) -> Iterator[Asked]:
    """Each half of the topics learnt, and asked about its own messages and as many of the other's."""
    chance, topics = random.Random(SEED), sorted(set(learnt.topics))
    for _ in range(ROUNDS):
        chance.shuffle(topics)
        for half in (0, 1):
            hidden = set(topics[half::2])
            known = [i for i, topic in enumerate(learnt.topics) if topic not in hidden]
            others = [i for i, topic in enumerate(learnt.topics) if topic in hidden]
            chance.shuffle(known)
            chance.shuffle(others)
            held = known[: len(known) // 3]
            asked = learnt.some(held + others[: len(held)])
            wanted = [topic if topic not in hidden else NOTHING for topic in asked.topics]
            yield ask(learnt.some(known[len(held) :]), Messages(asked.texts, wanted, asked.vectors))


def ask(learnt: Messages, test: Messages) -> Asked:
    """What would be answered by these messages to those."""
    topics = sorted(set(learnt.topics))
    matcher = _matcher(learnt, topics)
    best = [matcher.scores(text, vector)[0] for text, vector in zip(test.texts, test.vectors, strict=True)]
    return Asked([topics[one.label] for one in best], np.array([one.score for one in best]), test.topics)


def served(workplace: Workplace, test: Messages) -> tuple[tuple[float, float], float]:
    """(MCC, accuracy) of the running service after the console's import, and a message's median milliseconds."""
    with running_service(workplace.paths.root) as service, console_shop(service) as shop:
        workplace.say("importing on the console, asking at widgets")
        shop.bring(MESSAGES / "shop_messages_train.csv")
        shop.ask(["hello"])
        shop.wait_until_read()
        asked = shop.ask(test.texts)
        topics = {one.id: one.answer for one in ShopAnswers(shop.store.engine).all(shop.seller.shop)}
    given = [topics.get(answer, NOTHING) for answer, _ in asked]
    right = sum(one == wanted for one, wanted in zip(given, test.topics, strict=True))
    return (correlation(test.topics, given), right / len(given)), percentile([one for _, one in asked], 50)


def _making_ms(learnt: Messages) -> float:
    topics = sorted(set(learnt.topics))
    began = time.perf_counter()
    _matcher(learnt, topics).scores(learnt.texts[0], learnt.vectors[0])
    return 1000 * (time.perf_counter() - began)


def _matcher(learnt: Messages, topics: Sequence[str]) -> Matcher:
    wordings = Wordings(learnt.vectors.shape[1])
    rows = wordings.rows(learnt.texts)
    wordings.learn(dict(zip(learnt.texts, learnt.vectors, strict=True)))
    return Matcher(wordings.corpus(), rows, np.array([topics.index(topic) for topic in learnt.topics]))


def _rounded(pair: tuple[float, float]) -> tuple[float, float]:
    return round(pair[0], 3), round(pair[1], 3)


BENCHMARK = Benchmark("shop_answers", "A shop's own answers", ABOUT, run)
