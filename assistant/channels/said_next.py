"""What is likelier than usual to be said after a reply: the names on the cards just shown, and what picks one."""

from __future__ import annotations

from skills.turn import Reply

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
ANSWERS = ("yes", "yes please", "no", "no thanks")


def said_next(reply: Reply | None) -> tuple[str, ...]:
    """Phrases to expect from the next utterance, without repetitions."""
    if reply is None:
        return ()
    shelf = ORDINALS[: len(reply.cards)]
    names = [card.title for card in reply.cards]
    picks = [f"the {ordinal} one" for ordinal in shelf]
    taps = [tap.utterance for tap in reply.quick_replies]
    return tuple(dict.fromkeys([*names, *shelf, *picks, *taps, *(ANSWERS if reply.expects_reply else ())]))
