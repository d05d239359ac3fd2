"""Replies that come from no skill: nothing at all, fixed words, a question back, an apology. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.dialogue import DialogueError
from assistant.errors import ServiceError
from assistant.hypotheses import Choice
from assistant.prompts import prompt
from assistant.turn_memory import Option
from assistant.turn_report import Failure
from skills.face import Face
from skills.turn import QuickReply, Reply, RequestId

ASK_AGAIN = "I have lost my train of thought, sorry. Please ask again in a few seconds."

PLAYER_IGNORED = "The player has not done what I asked of it last."

LABEL_MAX = 40
"""Characters on a quick reply."""

STARTERS = (
    QuickReply(text="Find a talk", utterance="find me a talk about black holes"),
    QuickReply(text="Something calm", utterance="something calm for the evening"),
    QuickReply(text="Help", utterance="help"),
)


def silent(request: RequestId) -> Reply:
    """Nothing said, nothing done: a false alarm, or an utterance that a newer one has made void."""
    return Reply(dialog_request_id=request, speech="", text="")


def words(
    request: RequestId,
    text: str,
    options: Sequence[Option] = (),
    *,
    expects_reply: bool = False,
    face: Face = Face.MEDIA,
) -> Reply:
    """Fixed words, with something to tap: the options of an open question, or how to begin."""
    return Reply(
        dialog_request_id=request,
        speech=text,
        text=text,
        quick_replies=tuple(map(_tap, options)) or (STARTERS if face is Face.MEDIA else ()),
        expects_reply=expects_reply,
    )


def two_options(choice: Choice) -> tuple[Option, ...]:
    """What to ask about: by name, or in the words that were heard where a name does not tell them apart."""
    assert choice.rival
    winner, rival = choice.winner, choice.rival
    names = [one.grounding.called or one.text for one in (winner, rival)]
    if names[0] == names[1]:
        names = [winner.text, rival.text]
    return Option(text=winner.text, called=names[0]), Option(text=rival.text, called=names[1])


def question(request: RequestId, options: Sequence[Option], turn: int) -> Reply:
    """Ask which of two was meant."""
    text = prompt("did_you_mean", turn, first=options[0].called, second=options[1].called)
    return words(request, text, options, expects_reply=True)


def apology(request: RequestId, failure: Failure) -> Reply:
    """The failure in words."""
    return Reply(dialog_request_id=request, speech=failure.message, text=failure.message)


def after_note(reply: Reply, note: str) -> Reply:
    """The reply, after something that the listener has to know first."""
    return reply.model_copy(update={"speech": f"{note} {reply.speech}", "text": f"{note} {reply.text}"})


def failure_of(error: ServiceError | DialogueError) -> Failure:
    """What a listener is told of an error."""
    if isinstance(error, ServiceError):
        return Failure(code=error.code, message=error.message)
    return Failure(code=error.code, message=_DIALOGUE_MESSAGES.get(error.code, ASK_AGAIN))


def _tap(option: Option) -> QuickReply:
    label = option.called if len(option.called) <= LABEL_MAX else f"{option.called[: LABEL_MAX - 1]}…"
    return QuickReply(text=label, utterance=option.text)


_DIALOGUE_MESSAGES = {
    "dialogue_busy": "One thing at a time, please: I am still answering.",
    "dialogue_bad_text": "I could not read that. Please say it in words.",
    "dialogue_timeout": "That took me too long, sorry. Please ask again.",
}
