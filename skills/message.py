"""What every message between a client and the house is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

ItemId = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[\w.:-]+$")]
RequestId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[\w-]+$")]


class Message(BaseModel):
    """Base of every message: frozen, and an unknown field is an error rather than a silent loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")
