"""Whose answer a name stands for, where several skills have one."""

import pytest

from skills.errors import UnknownActionError
from skills.face import Face
from skills.registry import Skills
from skills.skill import ActionRequest, ActionResult, Grounding


async def of_media(request: ActionRequest) -> ActionResult:
    return ActionResult(None, request.memory)


async def of_shopping(request: ActionRequest) -> ActionResult:
    return ActionResult(None, request.memory)


async def on_the_shelf(request: ActionRequest) -> Grounding:
    return Grounding("the shelf", 0.0)


SKILLS = Skills(
    {"media": {"action_choose": of_media, "action_pause": of_media}, "shopping": {"action_choose": of_shopping}},
    {"media": {"choose_item": on_the_shelf}},
)


def test_what_several_skills_do_is_done_by_the_faces_own_and_the_rest_by_whoever_does_it() -> None:
    assert SKILLS.find("action_choose", Face.MEDIA) == ("media", of_media)
    assert SKILLS.find("action_choose", Face.COUNTER) == ("shopping", of_shopping)
    assert SKILLS.find("action_pause", Face.COUNTER) == ("media", of_media)
    with pytest.raises(UnknownActionError):
        SKILLS.find("action_fly", Face.SHOP)


def test_the_second_one_in_a_shop_is_not_weighed_by_the_players_shelf() -> None:
    """Spoken there, it would fit nothing and be refused."""
    assert SKILLS.find_ground("choose_item", Face.MEDIA) == ("media", on_the_shelf)
    assert SKILLS.find_ground("choose_item", Face.COUNTER) is None
