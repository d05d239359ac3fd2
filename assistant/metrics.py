"""What is counted, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from assistant.trace import Trace
from skills.turn import Channel

BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.4, 0.7, 1.0, 2.0, 4.0, 8.0)


class Metrics:
    """The service's own registry, so that two services in one process do not share counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._turns = Counter(
            "sori_turns",
            "Turns, by channel, outcome and failure code.",
            ["channel", "outcome", "failure"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "sori_turn_seconds", "Time from utterance to reply.", ["channel"], registry=self.registry, buckets=BUCKETS_S
        )
        self._stages = Histogram(
            "sori_stage_seconds", "Time per stage of a turn.", ["stage"], registry=self.registry, buckets=BUCKETS_S
        )
        self._slow = Counter("sori_turns_over_budget", "Turns slower than the latency budget.", registry=self.registry)
        self._first_audio = Histogram(
            "sori_first_audio_seconds",
            "Time from the end of speech to the first audio of the answer.",
            registry=self.registry,
            buckets=BUCKETS_S,
        )
        self.listeners = Gauge("sori_listeners", "Open voice sessions.", registry=self.registry)
        self.satellites = Gauge("sori_satellites", "Open connections of satellites.", registry=self.registry)
        self.chats = Gauge("sori_chat_connections", "Open chat sockets.", registry=self.registry)
        self.chat_messages = Counter(
            "sori_chat_messages", "Messages kept in chats, by who wrote them.", ["sender"], registry=self.registry
        )
        self.chat_refused = Counter(
            "sori_chat_refused", "What chat clients were refused, by code.", ["code"], registry=self.registry
        )
        self.chat_seconds = Histogram(
            "sori_chat_answer_seconds",
            "Time from a chat message's turn to its answer.",
            registry=self.registry,
            buckets=BUCKETS_S,
        )
        self.dialogue_restarts = Gauge("sori_dialogue_restarts", "Restarts of the Rasa worker.", registry=self.registry)

    def turn(self, trace: Trace, channel: Channel, outcome: str, failure: str, budget_ms: float) -> None:
        """Count one turn."""
        self._turns.labels(channel.value, outcome, failure).inc()
        self._seconds.labels(channel.value).observe(trace.total_ms / 1000)
        for stage, milliseconds in trace.stages_ms.items():
            self._stages.labels(stage).observe(milliseconds / 1000)
        if trace.total_ms > budget_ms:
            self._slow.inc()

    def began_speaking(self, speech_s: float, since_silence_s: float) -> None:
        """Count the first audio of an answer: seconds since its synthesis began, and since the speaker fell silent."""
        self._stages.labels("speech").observe(speech_s)
        self._first_audio.observe(since_silence_s)

    def render(self) -> bytes:
        """The metrics in Prometheus' text format."""
        return generate_latest(self.registry)
