"""A step says that it began and how it ended, on a terminal and in a log."""

import pytest

from assistant.setup.progress import Step


def test_a_step_in_a_log_says_when_it_begins_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    with Step("Filling") as step:
        step.progress(3, 3)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "  Filling: ..."
    assert lines[-1].startswith("  Filling: 3 done (")


def test_a_step_that_is_interrupted_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), Step("Filling"):
        raise KeyboardInterrupt
    assert "stopped" in capsys.readouterr().out
