"""Answers that come as a file: a row of JSON each."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import ValidationError

from skills.storefront.answer import ShopAnswer
from skills.storefront.errors import StorefrontError
from skills.storefront.store import ShopAnswers


def load_answers(answers: ShopAnswers, shop: str, path: Path) -> bool:
    """Bring a shop's answers in line with a file, unless they are, or somebody has edited them since.

    Raises:
        StorefrontError: `answers_invalid`, naming the line, `entries_full`, `shop_unknown`, `entries_failed`.
    """
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise StorefrontError("answers_invalid", f"{path} cannot be read: {error}") from error
    if answers.loaded(shop) in (digest, ""):
        return False
    answers.replace(shop, read_answers(path), digest)
    return True


def read_answers(path: Path) -> list[ShopAnswer]:
    """The answers of a JSON Lines file.

    Raises:
        StorefrontError: `answers_invalid`: names the line.
    """
    found: list[ShopAnswer] = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StorefrontError("answers_invalid", f"{path.name} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(ShopAnswer.model_validate_json(line))
        except ValidationError as error:
            what = error.errors()[0]
            field = ".".join(str(part) for part in what["loc"]) or "row"
            raise StorefrontError("answers_invalid", f"{path.name}, line {number}, {field}: {what['msg']}") from error
    return found
