"""The service's side of Rasa: it starts and watches the worker, and takes turns with it."""

from assistant.dialogue.dialogue import Dialogue
from assistant.dialogue.errors import DialogueError
from assistant.dialogue.messages import ActionCall, ActionResult, DialogueTurn, ResponseCall
from assistant.dialogue.supervisor import WorkerState, WorkerStatus

__all__ = [
    "ActionCall",
    "ActionResult",
    "Dialogue",
    "DialogueError",
    "DialogueTurn",
    "ResponseCall",
    "WorkerState",
    "WorkerStatus",
]
