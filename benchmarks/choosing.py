"""Fits the weights by which a reading of an utterance is chosen, and says how the choice does on sentences left out.

    python -m benchmarks.choosing

Requests made from the catalogue's names in carriers of its own, commands, and everyday talk are spoken in the voices of
flite and eSpeak, clean and in kitchen noise, and recognised by the product's recogniser with the product's vocabulary;
each reading is understood by the product's model and grounded in its catalogue. A request's right outcome is that of
the same words in writing; of everything else none is meant. The weights maximise the likelihood of the right outcomes
of one half of the sentences, and the weight of none is then raised as far as that half's requests allow; the figures
are of the other half. Neither half is in a benchmark of rejection.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.dialogue import ActionCall, ActionResult, Dialogue, ResponseCall
from assistant.expected_speech import expected_speech
from assistant.hearing import hear
from assistant.house import NLU_DATA
from assistant.hypotheses import OVERHEARD, Candidate, Decision, Weights, choose, features
from assistant.interpreter import Interpreter, distinct
from assistant.paths import DataPaths
from assistant.preparation import open_library, prepare
from assistant.recogniser_choice import choose_recogniser
from assistant.settings import load_settings
from assistant.setup.environments import RASA
from assistant.storage.store import Store
from benchmarks.benchmark import need_speech
from benchmarks.noise import mixed
from benchmarks.voices import flite, held_out, speak_in_turn
from search_index import open_encoder
from skills.media.catalogue import Item, demo_items
from skills.media.grounding import MediaGrounding
from skills.media.library import MediaLibrary
from skills.media.shelf import Shelf
from skills.registry import Skills
from skills.turn import Channel, Hypothesis, Utterance
from voice.audio import RATE, Audio, decode
from voice.recogniser import Recogniser

SEED = 3
PER_CARRIER = 10
NOISES_DB = (None, None, 20.0, 10.0)
RIDGE = 0.002
"""Keeps weights that the sentences say little about near zero."""
SHIFTS = tuple(number / 10 for number in range(-20, 21))
"""Tried on the utility of none, beside the fitted one."""
REFUSED_MAX = 0.03
"""Share of the requests with a right reading that may be refused, on the sentences that were fitted to."""

CARRIERS = (
    "could you put on {title}", "let me hear {title}", "i'd like {title}", "play {title} please", "{title}",
    "have you got {title}", "could you look for something on {tag}", "i feel like hearing about {tag}",
    "have you got a {kind} on {tag}", "search for {tag}", "is there anything that explains {tag}",
    "show me {kind}s on {tag}", "have you got anything from {creator}", "what has {creator} made",
    "play me something by {creator}", "look for {kind}s by {creator}", "start {series} for me",
    "play the latest from {series}", "open {series}", "i need something {mood} now", "put on a {mood} {kind}",
    "anything {mood}",
)  # fmt: skip

COMMANDS = (
    "pause please", "stop it", "carry on", "continue please", "skip this", "go back", "a bit louder", "turn it down",
    "quieter please", "volume thirty", "set the volume to seventy", "what is playing", "what's this called", "help",
    "what can i say", "thank you", "hello", "goodbye", "say it again", "what else do you have", "show me more",
)  # fmt: skip

QUERIES = (
    "order me a pizza", "what is the capital of peru", "set a timer for ten minutes", "turn off the kitchen light",
    "send a message to my wife", "how tall is mount everest", "book a flight to oslo", "what's the weather tomorrow",
)  # fmt: skip
"""Requests too: the right outcome is to say that they are out of scope."""

TALK = (
    "we are running low on milk and butter again", "the minister denied all of the allegations on monday",
    "she said the meeting was moved to thursday afternoon", "there were two goals in the second half of the match",
    "he never told me that he was going to sell the car", "put your shoes away before dinner",
    "i will pick up the children from school at four", "a man was arrested near the station last night",
    "we could paint the bedroom green next spring", "traffic is heavy on the northern ring road",
    "let's meet in front of the cinema at half past seven", "have you finished your homework yet",
    "the washing machine is making that noise again", "it's going to be thirty degrees on saturday",
    "i can't find my glasses anywhere", "you should have seen his face when she walked in",
    "tickets go on sale at noon on friday", "my phone battery is almost empty",
    "do you want rice or potatoes with the fish", "he scored from a free kick in the ninetieth minute",
    "please turn left at the next traffic light", "nobody told the manager about the leak",
    "this shirt doesn't fit me any more", "officials warned residents to boil their water",
    "are we out of coffee already", "that was the worst film i have seen this year",
    "just put it over there next to the lamp", "i owe you twenty for the taxi",
    "oh come on that's not what i meant", "and then he just walked away without a word",
    "is your brother still working in the hospital", "her sister is getting married in september",
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """Readings of something that was said, and the outcome that would be right; "" where none is."""

    readings: tuple[Candidate, ...]
    unknown: float
    right: str
    left_out: bool


def main() -> None:
    """Make the examples, fit, and print weights and figures."""
    settings = load_settings()
    paths = DataPaths(settings.data_dir)
    paths.make()
    model = prepare(paths)
    store = Store(paths.database_url)
    library = open_library(paths, open_encoder(settings.encoder, paths.encoder), Shelf(store.engine))
    recogniser = choose_recogniser(settings, paths, expected_speech(NLU_DATA, demo_items()))
    try:
        examples = asyncio.run(_examples(model, library, recogniser))
    finally:
        recogniser.close()
        library.close()
    known, left_out = ([one for one in examples if one.left_out is out] for out in (False, True))
    weights = _strict(fit(known), known)
    print(f"recogniser: {recogniser.name}; {len(examples)} utterances\n{weights}\n{_figures(left_out, weights)}")


def fit(examples: Sequence[Example]) -> Weights:
    """The weights under which the right outcomes are likeliest; requests and the rest count alike, however many."""
    fitting = [one for one in examples if _can_be_right(one)]
    requests = sum(bool(one.right) for one in fitting)
    arrays = [_arrays(one, requests, len(fitting) - requests) for one in fitting]

    def loss(theta: NDArray[np.float64]) -> float:
        total = RIDGE * float(theta @ theta)
        for rows, share, right, weight in arrays:
            utilities = np.append(rows @ theta[:-2], theta[-2] + theta[-1] * share)
            powers = np.exp(utilities - utilities.max())
            total -= weight * float(np.log(max(powers[right].sum() / powers.sum(), 1e-12)))
        return total

    count = len(vars(Weights()))
    found = minimize(loss, np.zeros(count), method="L-BFGS-B").x
    return Weights(*(round(float(one), 2) for one in found))


def _arrays(one: Example, requests: int, others: int) -> tuple[NDArray[np.float64], float, NDArray[np.bool_], float]:
    """Features [readings, 5], the unknown share, which of the readings and of none is right, and the weight."""
    outcomes = [reading.grounding.meant for reading in one.readings]
    right = [meant == one.right if one.right else meant == OVERHEARD for meant in outcomes]
    rows = np.array([features(reading) for reading in one.readings])
    return rows, one.unknown, np.array([*right, not one.right]), 1 / (requests if one.right else others)


def _can_be_right(one: Example) -> bool:
    """Nothing can be learnt from a request whose readings are all wrong, nor from speech without a word."""
    outcomes = {reading.grounding.meant for reading in one.readings}
    return bool(outcomes) and (not one.right or one.right in outcomes)


def _strict(fitted: Weights, examples: Sequence[Example]) -> Weights:
    """The weights that reject the most without refusing more requests than may be."""
    heard = [one for one in examples if one.right and _can_be_right(one)]

    def refused(weights: Weights) -> float:
        return sum(_decision(one, weights) is Decision.REJECT for one in heard) / len(heard)

    tried = [replace(fitted, none=round(fitted.none + shift, 2)) for shift in SHIFTS]
    return max((one for one in tried if refused(one) <= REFUSED_MAX), key=lambda one: one.none, default=fitted)


def _figures(examples: Sequence[Example], weights: Weights) -> str:
    requests = [one for one in examples if one.right]
    others = [one for one in examples if not one.right]
    heard = [one for one in requests if _can_be_right(one)]
    first = sum(one.readings[0].grounding.meant == one.right for one in heard)
    right = sum(_outcome(one, weights) == one.right for one in heard)
    asked = sum(_decision(one, weights) is Decision.ASK for one in heard)
    refused = [sum(_decision(one, weights) is Decision.REJECT for one in some) for some in (requests, heard, others)]
    counts = (len(requests), len(heard), len(others))
    shares = [f"{100 * some / max(1, of):.1f} % of {of}" for some, of in zip(refused, counts, strict=True)]
    return (
        f"left out: refused of requests {shares[0]}, of those with a right reading {shares[1]}, of other"
        f" speech {shares[2]}; right among the latter requests {right} (the first reading alone {first}), asked {asked}"
    )


def _decision(one: Example, weights: Weights) -> Decision:
    return choose(one.readings, one.unknown, weights).decision if one.readings else Decision.REJECT


def _outcome(one: Example, weights: Weights) -> str:
    choice = choose(one.readings, one.unknown, weights)
    return "" if choice.decision is Decision.REJECT else choice.winner.grounding.meant


async def _examples(model: Path, library: MediaLibrary, recogniser: Recogniser) -> list[Example]:
    dice = random.Random(SEED)
    requests = [*_requests(demo_items(), dice), *COMMANDS * 4, *QUERIES * 2]
    skills = Skills({}, {"media": MediaGrounding(library).by_intent()})
    with tempfile.TemporaryDirectory(prefix="sori-") as sockets:
        dialogue = Dialogue(
            rasa_python=RASA.python, model=model, socket_dir=Path(sockets), on_action=_none, on_response=_unsaid
        )
        await dialogue.start()
        try:
            interpreter = Interpreter(skills, dialogue, 10.0)
            said = [*((text, True) for text in requests), *((text, False) for text in TALK * 4)]
            dice.shuffle(said)
            sounds = _noisy(speak_in_turn([text for text, _ in said], [*flite(), *held_out()]))
            return [
                await _example(text, sound, interpreter, recogniser, is_request=is_request)
                for (text, is_request), sound in zip(said, sounds, strict=True)
            ]
        finally:
            await dialogue.stop()


async def _example(
    text: str, sound: Audio, interpreter: Interpreter, recogniser: Recogniser, *, is_request: bool
) -> Example:
    transcript = hear(sound, recogniser)
    heard = tuple(Hypothesis(text=one.text, confidence=one.confidence) for one in transcript.alternatives)
    readings = distinct(heard)
    utterance = Utterance(
        conversation="fitting",
        dialog_request_id="fitting",
        channel=Channel.SPEAKER,
        alternatives=(Hypothesis(text=text),),
        spoken=True,
    )
    candidates = await interpreter.candidates(readings, utterance, {}) if readings else []
    right = ""
    if is_request:
        (written,) = await interpreter.candidates([Hypothesis(text=text)], utterance, {})
        right = written.grounding.meant
    left_out = random.Random(text).random() < 0.5
    return Example(tuple(candidates), transcript.unknown, right, left_out)


def _requests(items: Sequence[Item], dice: random.Random) -> list[str]:
    found = []
    for carrier in CARRIERS:
        for item in dice.sample(items, PER_CARRIER):
            parts = {"title": item.title, "creator": item.creator, "series": item.series or item.title}
            parts |= {"kind": item.kind_name, "tag": dice.choice(item.tags or (item.title,))}
            found.append(carrier.format(**parts, mood=dice.choice(item.moods or ("calm",))))
    return found


def _noisy(sounds: Sequence[Audio]) -> list[Audio]:
    kitchen = decode(need_speech() / "noise" / "kitchen.wav", max_seconds=600).samples
    dice = np.random.default_rng(SEED)
    quiet = np.zeros(RATE // 3, np.int16)
    rooms = [Audio(np.concatenate([quiet, sound.samples, quiet])) for sound in sounds]
    levels = [NOISES_DB[number % len(NOISES_DB)] for number in range(len(rooms))]
    return [
        room if level is None else mixed(room, kitchen, level, dice) for room, level in zip(rooms, levels, strict=True)
    ]


async def _none(_call: ActionCall) -> ActionResult:
    return ActionResult()


async def _unsaid(call: ResponseCall) -> str:
    return call.variants[0]


if __name__ == "__main__":
    main()
