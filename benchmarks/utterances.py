"""What people say in these benchmarks: written for them, apart from the training data."""

from __future__ import annotations

REQUESTS = (
    "find me a talk about black holes", "play something calm for the evening", "what do you have on sourdough",
    "find me lessons on watercolour", "i want to hear about lightning", "anything about bees",
    "play falling into a black hole", "put on some jazz", "find a podcast about saving money",
    "is there a talk about batteries", "play the tin observatory", "something funny please",
    "a lesson on guitar chords", "find me a concert with strings", "something about volcanoes and lava",
    "do you have anything on sleep", "find a story about a lighthouse", "play the newest podcast",
    "i would like to learn korean for travelling", "show me a live show about cooking",
    "find me an audiobook about the sea", "play machines that breathe", "something cosy for a rainy night",
    "what is there about chess", "find talks about robots", "play winter inside the hive",
    "i want to watch a concert", "any podcasts about running", "find me something by marisol etxeberri",
    "play the night sky lectures", "something about mending clothes", "do you have a lesson on folding dough",
    "find a talk about owls", "put on the slow crust", "something sad on the piano", "i want to listen to folk tales",
    "find me a video about the moon", "play tango for a broken heater", "what do you have about spreadsheets",
    "find a podcast about small business",
)  # fmt: skip
"""Each names or describes something that the demo catalogue has; none leans on what was said before."""

COMMANDS = (
    "louder", "quieter", "turn the volume to forty", "pause", "go on", "stop", "what is playing", "help", "thank you",
    "hello", "next one please", "the previous one",
)  # fmt: skip

OUT_OF_SCOPE = (
    "order me a pizza", "what is the capital of peru", "book a flight to oslo", "is my train on time",
    "set a timer for ten minutes", "who won the election", "translate good morning into french", "call my sister",
)  # fmt: skip

ALL = (*REQUESTS, *COMMANDS, *OUT_OF_SCOPE)

WARM_UP = ("find me a talk about plants", "play something cheerful", "pause", "hello there", "tell me a joke")
"""Said before anything is timed, and never while it is."""
