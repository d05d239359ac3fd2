"""How a command that runs until it is told to stop is told."""

import signal


def stop_on_signals() -> None:
    """Let SIGINT (Ctrl-C) and SIGTERM raise KeyboardInterrupt in the main thread.

    A shell starts its background jobs with SIGINT ignored, and Python keeps it so unless told otherwise.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
