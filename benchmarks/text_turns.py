"""How long a written turn takes, from the request to the reply, and beside Rasa's own server."""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.rasa_server import rasa_server
from benchmarks.report import Cell, Findings, Table, aim, percentile, spread
from benchmarks.utterances import ALL, WARM_UP
from tests.service.running import running_service

ROUNDS = 5
CONVERSATIONS = 10
CLIENTS = 4
AIM_MS = 150.0

ABOUT = f"""
{len(ALL)} different utterances (requests for media, commands, things that Sori does not do), {ROUNDS} times each, over
{CONVERSATIONS} conversations in turn, as `POST /api/v1/turns` over HTTP on loopback with a connection kept open. The
time is the client's, from sending to having the whole reply. The service is warm: {len(WARM_UP)} other utterances were
said before. "First time" and "again" are apart because the search keeps the vectors of texts it has met. Stages are
the service's own trace; a turn has only those it needs. Then the same by {CLIENTS} clients at once, which, like the
service and Rasa, share this machine's cores. The peer is Rasa's own HTTP server (`rasa run`, REST channel) with the
same model and utterances, calling the same service as our endpoints.yml says. Two things favour it: by then the service
has met every text, and it keeps conversations in memory, where the service also writes each turn to its database.
"""


@dataclass(frozen=True)
class Turn:
    """One turn as its client saw it; `first` where its utterance had not been said before."""

    milliseconds: float
    first: bool = True
    stages_ms: dict[str, float] = field(default_factory=dict)


Ask = Callable[[int, str], Turn]
"""Says something in the conversation of that number, and waits for the reply."""


def run(place: Workplace) -> Findings:
    with running_service(place.paths.root) as service:
        place.say("one client")
        alone = _measure(_at_sori(service.url))
        place.say(f"{CLIENTS} clients")
        together, seconds = _together(lambda: _at_sori(service.url))
        place.say("Rasa's own server")
        with rasa_server(service.url, place.paths.internal_token.read_text(), place.model) as url:
            peer = _measure(_at_rasa(url))
            peer_together, peer_seconds = _together(lambda: _at_rasa(url))
    total = [turn.milliseconds for turn in alone]
    return Findings(
        (
            Table(("one client", "turns", "p50 ms", "p95 ms"), _rows(alone)),
            Table(("stage", "turns", "p50 ms", "p95 ms"), _stages(alone)),
            Table(
                ("beside the peer", "p50 ms", "p95 ms", "turns/s"),
                (
                    ("Sori, one client", *_two(alone), len(alone) / (sum(total) / 1000)),
                    ("Rasa's server, one client", *_two(peer), len(peer) / (sum(t.milliseconds for t in peer) / 1000)),
                    (f"Sori, {CLIENTS} clients", *_two(together), len(together) / seconds),
                    (f"Rasa's server, {CLIENTS} clients", *_two(peer_together), len(peer_together) / peer_seconds),
                ),
            ),
        ),
        (
            aim("p95 of a warm text turn", percentile(total, 95), AIM_MS, "ms"),
            f"Sori's p50 is {_p50(alone) / _p50(peer):.2f} times that of Rasa's server with one client, "
            f"{_p50(together) / _p50(peer_together):.2f} times with {CLIENTS}.",
        ),
    )


def _measure(ask: Ask) -> list[Turn]:
    """Every utterance once, then again, round by round; the first round is what was said for the first time."""
    for number, text in enumerate(WARM_UP):
        ask(number, text)
    said = ((round_, text) for round_ in range(ROUNDS) for text in ALL)
    return [
        Turn(turn.milliseconds, round_ == 0, turn.stages_ms)
        for number, (round_, text) in enumerate(said)
        if (turn := ask(number % CONVERSATIONS, text))
    ]


def _together(connect: Callable[[], Ask]) -> tuple[list[Turn], float]:
    """All turns of the clients, and the seconds they took side by side; each begins elsewhere in the list."""

    def talk(client: int) -> list[Turn]:
        ask, start = connect(), client * len(ALL) // CLIENTS
        texts = itertools.islice(itertools.cycle(ALL), start, start + ROUNDS * len(ALL) // CLIENTS)
        return [ask(number % CONVERSATIONS, text) for number, text in enumerate(texts)]

    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        turns = list(itertools.chain.from_iterable(clients.map(talk, range(CLIENTS))))
    return turns, time.perf_counter() - started


def _at_sori(url: str) -> Ask:
    http = httpx.Client(base_url=url, timeout=30, trust_env=False)
    tokens: dict[int, str] = {}

    def ask(conversation: int, text: str) -> Turn:
        body = {"text": text, "conversation": tokens.get(conversation)}
        started = time.perf_counter()
        report = http.post("/api/v1/turns", json=body).raise_for_status().json()
        milliseconds = (time.perf_counter() - started) * 1000
        tokens[conversation] = report["conversation"]
        return Turn(milliseconds, stages_ms=report["trace"]["stages_ms"])

    return ask


def _at_rasa(url: str) -> Ask:
    http = httpx.Client(base_url=url, timeout=30, trust_env=False)
    client = id(http)

    def ask(conversation: int, text: str) -> Turn:
        body = {"sender": f"{client}-{conversation}", "message": text}
        started = time.perf_counter()
        replies = http.post("/webhooks/rest/webhook", json=body).raise_for_status().json()
        milliseconds = (time.perf_counter() - started) * 1000
        if not (replies and all(reply.get("text") for reply in replies)):
            raise RuntimeError(f"Rasa's server did not answer {text!r}: {replies}")
        return Turn(milliseconds)

    return ask


def _rows(turns: Sequence[Turn]) -> tuple[tuple[Cell, ...], ...]:
    return (
        ("all", *spread(_times(turns))),
        ("first time", *spread(_times(turn for turn in turns if turn.first))),
        ("again", *spread(_times(turn for turn in turns if not turn.first))),
    )


def _stages(turns: Iterable[Turn]) -> tuple[tuple[Cell, ...], ...]:
    stages: dict[str, list[float]] = defaultdict(list)
    for turn in turns:
        for stage, milliseconds in turn.stages_ms.items():
            stages[stage].append(milliseconds)
        stages["HTTP and the rest"].append(turn.milliseconds - _accounted(turn))
    return tuple((stage, *spread(values)) for stage, values in stages.items())


def _accounted(turn: Turn) -> float:
    """What the trace explains; a search is a part of its action."""
    return sum(milliseconds for stage, milliseconds in turn.stages_ms.items() if stage != "search")


def _times(turns: Iterable[Turn]) -> list[float]:
    return [turn.milliseconds for turn in turns]


def _two(turns: Iterable[Turn]) -> tuple[Cell, Cell]:
    _, p50, p95 = spread(_times(turns))
    return p50, p95


def _p50(turns: Iterable[Turn]) -> float:
    return percentile(_times(turns), 50)


BENCHMARK = Benchmark("text_turns", "A written turn", ABOUT, run)
