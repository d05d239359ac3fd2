"""Whether spoken requests for moments, scenes, channels and playlists are heard and understood."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from assistant.hearing import hear
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.ears import our_ear, product_vocabulary
from benchmarks.flite import Said, speak
from benchmarks.report import Cell, Findings, Table, rate
from benchmarks.understanding import parsing
from voice.audio import decode
from voice.recogniser import Recogniser
from voice.spoken_form import spoken_words

VOICES = ("slt", "awb")

COMMANDS: dict[str, tuple[str, ...]] = {
    "find_moment": (
        "find where they explain the event horizon", "go to the part about compost", "when do they talk about worms",
        "play just the part about gravity", "where does she mention black holes", "go to the part with the map",
        "what did they say about the kitchen waste", "take me to where he talks about robots",
        "find the bit about bread in the second episode", "do they mention traffic in this one",
    ),
    "next_moment": ("next mention", "where else do they say that", "is it mentioned again", "next time it comes up"),
    "previous_moment": ("the mention before", "previous mention", "go back to the earlier mention"),
    "play_moment": ("play it from there", "just that part", "play that bit", "start from that point"),
    "who_speaks": ("who said that", "who is speaking", "whose voice is that", "who is that talking"),
    "seek": ("a bit before that", "start a little earlier", "just before that"),
    "scene": ("next scene", "previous scene", "skip this scene", "go to scene five", "show me the last scene"),
    "set_speed": ("play this scene slower", "slow this scene down"),
    "other_one": ("no the other one", "not that one", "i meant the other one"),
    "refine": ("something more popular", "in spanish", "something else by her", "not so old"),
    "follow": ("follow amara osei", "subscribe to this", "follow this channel"),
    "unfollow": ("stop following this", "unsubscribe from the patient machine"),
    "show_following": ("who do i follow", "what am i subscribed to"),
    "whats_new": ("what's new from who i follow", "any new episodes"),
    "whats_live": ("what's live now", "is anyone live"),
    "coming_up": ("what's coming up", "what's on tonight", "when is the next live show"),
    "add_to_playlist": ("add this to my running playlist", "put this on my cooking playlist"),
    "remove_from_playlist": ("take this off my running playlist", "remove it from my cooking playlist"),
    "play_playlist": ("play my running playlist", "put on my cooking playlist"),
    "show_playlists": ("what playlists do i have", "what's on my running playlist"),
}  # fmt: skip

ABOUT = f"""
{sum(map(len, COMMANDS.values()))} commands in {len(VOICES)} voices of flite, heard by the shipped recogniser with the
product's vocabulary and understood by the dialogue model. Exact: the transcript has the command's words. Right intent:
of the transcript; written: of the command itself. The alternatives and what is on the shelf, which the service weighs
too, are left out. Rates are per cent, with their 95 % confidence intervals. Both voices were also in the acoustic
model's training, which favours it.
"""


@dataclass(frozen=True)
class Heard:
    """A spoken command and what became of it."""

    intent: str
    voice: str
    text: str
    transcript: str
    understood: str
    written: str

    @property
    def exact(self) -> bool:
        """Whether every word was heard."""
        return spoken_words(self.transcript) == spoken_words(self.text)


def run(place: Workplace) -> Findings:
    intents = {text: intent for intent, texts in COMMANDS.items() for text in texts}
    place.say("speaking")
    recordings = speak(tuple(intents), VOICES)
    place.say("listening")
    with closing(our_ear(product_vocabulary(), place.kept / "language").open()) as recogniser:
        transcripts = [_hear(said, recogniser) for said in recordings]
    place.say("understanding")
    meant = asyncio.run(_understand(place, [*transcripts, *intents]))
    heard = [
        Heard(intents[said.text], said.voice, said.text, transcript, meant[transcript], meant[said.text])
        for said, transcript in zip(recordings, transcripts, strict=True)
    ]
    rows = [_row("all", heard)]
    rows += [_row(voice, [one for one in heard if one.voice == voice]) for voice in VOICES]
    rows += [_row(intent, [one for one in heard if one.intent == intent]) for intent in COMMANDS]
    wrong = [
        f'"{one.text}" ({one.voice}) heard as "{one.transcript}": {one.understood}, not {one.intent}'
        for one in heard
        if one.understood != one.intent
    ]
    columns = ("", "spoken", "exact", "right intent", "written, right intent")
    return Findings((Table(columns, tuple(rows)),), (f"Wrong: {'; '.join(wrong) or 'nothing'}.",))


def _hear(said: Said, recogniser: Recogniser) -> str:
    return hear(decode(said.sound, max_seconds=60), recogniser).text


async def _understand(place: Workplace, texts: Sequence[str]) -> dict[str, str]:
    """The intent of each text."""
    async with parsing(place.model) as dialogue:
        return {text: (await dialogue.understand([text]))[0].intent if text else "" for text in texts}


def _row(name: str, heard: Sequence[Heard]) -> tuple[Cell, ...]:
    counts = (
        sum(one.exact for one in heard),
        sum(one.understood == one.intent for one in heard),
        sum(one.written == one.intent for one in heard),
    )
    return (name, len(heard), *(rate(count, len(heard)) for count in counts))


BENCHMARK = Benchmark("spoken_commands", "Spoken commands", ABOUT, run)
