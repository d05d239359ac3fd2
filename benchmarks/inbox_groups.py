"""Whether questions are grouped by what they ask, and at which likeness they belong together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

import numpy as np

from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Cell, Findings, Table
from benchmarks.shop_answers import MESSAGES, Messages, load
from search_index import open_encoder
from skills.storefront.grouping import TOGETHER, group, representative

THRESHOLDS = np.arange(0.20, 0.51, 0.05)
CHOSEN_PURITY, AIM = 0.85, 0.8
STEP, SHOWN = 100, 8

ABOUT = f"""
The 991 real messages of shop_messages_test (HINT3 v2, curekart) are grouped by meaning and letters, as the inbox of
unanswered questions does it. Purity is the share of messages whose label is that of most of their group; inverse purity
the share whose group is that of most of their label, which many small groups make small. The labels are the authors'
20 topics and one for everything else, so that groups within that one are neither right nor wrong. The mean likeness
from which messages belong together was chosen on the training messages: the fewest groups with a purity of at least
{CHOSEN_PURITY}. The last row adds the test's messages by {STEP}, with what is grouped already left as it is.
"""


def run(workplace: Workplace) -> Findings:
    """Group the training messages at every threshold, the test's at the one that is chosen."""
    if not MESSAGES.is_dir():
        raise FileNotFoundError(f"there is no folder {MESSAGES}")
    encoder = open_encoder("minilm", workplace.paths.encoder)
    learnt, test = (load(MESSAGES / f"shop_messages_{name}.csv", encoder) for name in ("train", "test"))
    choices = {float(one): group(learnt.texts, learnt.vectors, together=one) for one in THRESHOLDS}
    pure = {one: groups for one, groups in choices.items() if purity(groups, learnt.topics) >= CHOSEN_PURITY}
    chosen = min(pure, key=lambda one: len(set(pure[one])))
    groups, grown = group(test.texts, test.vectors), list[int]()
    for end in range(STEP, len(test.texts) + STEP, STEP):
        grown = group(test.texts[:end], test.vectors[:end], grown)
    rows = [_row(f"training messages, likeness {one:.2f}", found, learnt) for one, found in choices.items()]
    rows += [_row("test messages", groups, test), _row(f"test messages, by {STEP}", grown, test)]
    reached = purity(groups, test.topics)
    return Findings(
        (Table(("what", "groups", "of one", "purity", "inverse purity"), tuple(rows)), _largest(groups, test)),
        (
            f"The product's likeness is {TOGETHER}; that chosen here is {chosen:.2f}.",
            f"Aim: purity of at least {AIM} on the test. Measured: {reached:.3f}; "
            f"{'reached' if reached >= AIM else 'missed'}.",
        ),
    )


def purity(groups: Sequence[Hashable], labels: Sequence[Hashable]) -> float:
    """The share of members whose label is the most frequent one of their group."""
    found: dict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    for one, label in zip(groups, labels, strict=True):
        found[one][label] += 1
    return sum(counts.most_common(1)[0][1] for counts in found.values()) / len(groups)


def _row(what: str, groups: Sequence[int], messages: Messages) -> tuple[Cell, ...]:
    sizes = Counter(groups).values()
    pure, inverse = purity(groups, messages.topics), purity(messages.topics, groups)
    return what, len(sizes), sum(size == 1 for size in sizes), round(pure, 3), round(inverse, 3)


def _largest(groups: Sequence[int], messages: Messages) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one, size in Counter(groups).most_common(SHOWN):
        places = [place for place, other in enumerate(groups) if other == one]
        stands = messages.texts[places[representative(messages.vectors[places])]]
        label, count = Counter(messages.topics[place] for place in places).most_common(1)[0]
        rows.append((stands[:60], size, f"{label} ({count})"))
    return Table(("the question that stands for the group", "messages", "label of most"), tuple(rows), "largest groups")


BENCHMARK = Benchmark("inbox_groups", "Groups of questions", ABOUT, run)
