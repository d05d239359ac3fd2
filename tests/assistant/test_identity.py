"""A conversation can be continued only with a token that this service issued."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ServiceError
from assistant.identity import Conversations


def test_a_token_leads_back_to_its_conversation_also_after_a_restart(tmp_path: Path) -> None:
    first = Conversations(tmp_path)
    conversation = first.new()
    assert Conversations(tmp_path).read(first.token(conversation)) == conversation


def test_the_secret_is_the_owners_alone(tmp_path: Path) -> None:
    Conversations(tmp_path)
    (key,) = tmp_path.iterdir()
    assert key.stat().st_mode & 0o777 == 0o600


@given(st.text(max_size=300))
def test_anything_else_is_refused(token: str) -> None:
    with pytest.raises(ServiceError) as refused:
        CONVERSATIONS.read(token)
    assert (refused.value.code, refused.value.status) == ("conversation_invalid", 403)


def test_a_token_of_another_service_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServiceError):
        Conversations(tmp_path).read(CONVERSATIONS.token("a" * 32))


@pytest.fixture(autouse=True, scope="module")
def _conversations(tmp_path_factory: pytest.TempPathFactory) -> None:
    global CONVERSATIONS
    CONVERSATIONS = Conversations(tmp_path_factory.mktemp("identity"))


CONVERSATIONS: Conversations
