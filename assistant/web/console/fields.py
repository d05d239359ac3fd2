"""What a form sends, as text, files, or one of our messages with its problems in sentences."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from sanic import Request
from sanic.headers import parse_content_header
from sanic.request.form import File, parse_multipart_form

from assistant.errors import ServiceError
from assistant.web.reading import whole

FIELDS_MAX = 5_000
TEXT_MAX = 1_000_000
"""Characters of all texts of a form together; files have the limit of the request."""
WHOLE_MAX = 10**9
"""What every database can compare."""

A_DATE = "Please write a date like 2026-03-31."
SENTENCES = {
    "missing": "Please fill this in.",
    "string_too_short": "Please write at least {min_length:,} characters.",
    "string_too_long": "Please write at most {max_length:,} characters.",
    "too_short": "At least {min_length:,}, please.",
    "too_long": "At most {max_length:,}, please.",
    "int_parsing": "Please write a whole number.",
    "int_from_float": "Please write a whole number.",
    "float_parsing": "Please write a number.",
    "decimal_parsing": "Please write a number.",
    "greater_than_equal": "Please write {ge} or more.",
    "greater_than": "Please write more than {gt}.",
    "less_than_equal": "Please write {le} or less.",
    "less_than": "Please write less than {lt}.",
    "literal_error": "Please choose one of these.",
    "enum": "Please choose one of these.",
    "date_parsing": A_DATE,
    "date_from_datetime_parsing": A_DATE,
    "datetime_parsing": A_DATE,
    "datetime_from_date_parsing": A_DATE,
    "time_parsing": "Please write a time like 09:30.",
}
"""By pydantic's kinds of errors, with what their context says."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class MultiFields:
    """A form's fields in the order in which they came; of a name there may be several."""

    pairs: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, File], ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """The first text of a name."""
        return next((value for one, value in self.pairs if one == name), default)

    def all(self, name: str) -> tuple[str, ...]:
        """Every text of a name."""
        return tuple(value for one, value in self.pairs if one == name)

    def whole(self, name: str) -> int:
        """The whole number of a name, such as the revision that a form was made from; 0 for anything else."""
        return whole(self.get(name), 0, WHOLE_MAX)

    def file(self, name: str) -> File | None:
        """The file (`type`, `name`, `body`) that was chosen, if one was."""
        return next((file for one, file in self.files if one == name and (file.name or file.body)), None)

    def without(self, *names: str) -> MultiFields:
        """The others."""
        return MultiFields(tuple(pair for pair in self.pairs if pair[0] not in names), self.files)

    def __contains__(self, name: str) -> bool:
        return any(one == name for one, _ in self.pairs)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)


@dataclass(frozen=True)
class FormProblems:
    """What is wrong with a form, by field, in sentences; and what was written, to be shown again."""

    problems: Mapping[str, str] = field(default_factory=dict)
    fields: MultiFields = field(default_factory=MultiFields)

    def of(self, name: str) -> str:
        """What is wrong with a field; "" where nothing is. "" is the name of the form as a whole."""
        return self.problems.get(name, "")

    def value(self, name: str, otherwise: object = "") -> str:
        """What was written into a field, or what the page shows before anything was."""
        return self.fields.get(name) if name in self.fields else str(otherwise)

    def checked(self, name: str, value: str, otherwise: bool = False) -> bool:
        """Whether a box was ticked, or is before anything was sent."""
        return value in self.fields.all(name) if self.fields.pairs else otherwise

    def __bool__(self) -> bool:
        return bool(self.problems)


NO_PROBLEMS = FormProblems()


def read_fields(request: Request) -> MultiFields:
    """The fields and files of a form, which is read once.

    Raises:
        ServiceError: `form_invalid`, `too_large`.
    """
    known: MultiFields | None = getattr(request.ctx, "fields", None)
    if known is None:
        known = request.ctx.fields = _read(request)
    return known


def _read(request: Request) -> MultiFields:
    kind, parameters = parse_content_header(request.headers.get("content-type", ""))
    try:
        if kind == "application/x-www-form-urlencoded":
            return _limited(parse_qsl(request.body.decode(), keep_blank_values=True, max_num_fields=FIELDS_MAX))
        if kind == "multipart/form-data":
            boundary = str(parameters["boundary"]).encode()
            texts, files = parse_multipart_form(request.body, boundary)  # type: ignore[no-untyped-call]
            pairs = [(name, value) for name, values in texts.items() for value in values]
            return _limited(pairs, [(name, file) for name, values in files.items() for file in values])
    except (ValueError, KeyError, LookupError) as error:
        raise ServiceError("form_invalid", "This form cannot be read. Please reload the page and try again.") from error
    return MultiFields()


def _limited(pairs: Sequence[tuple[str, str]], files: Sequence[tuple[str, File]] = ()) -> MultiFields:
    if len(pairs) > FIELDS_MAX or sum(len(name) + len(value) for name, value in pairs) > TEXT_MAX:
        raise ServiceError("too_large", "This is more than one form can hold. Please save it in smaller parts.", 413)
    plain = tuple((name, value.replace("\r\n", "\n").replace("\0", "")) for name, value in pairs)
    return MultiFields(plain, tuple(files))


def read_model(fields: MultiFields, model: type[Model]) -> Model | FormProblems:
    """A form as a message: a field that holds several takes every text of its name, an empty text is None where that
    may be, a box that is not ticked is False; fields that the message does not have are left alone.
    """
    values: dict[str, Any] = {}
    for name, about in model.model_fields.items():
        texts = fields.all(name)
        kinds = _kinds(about.annotation)
        if kinds & {tuple, list, set, frozenset}:
            values[name] = [text for text in texts if text]
        elif bool in kinds:
            values[name] = bool(texts and texts[0])
        elif texts:
            text = texts[0].strip()
            if text or str in kinds:
                values[name] = text if text or type(None) not in kinds else None
            elif type(None) in kinds:
                values[name] = None
            elif about.is_required():
                values[name] = text
    try:
        return model.model_validate(values)
    except ValidationError as error:
        return FormProblems(sentences(error), fields)


def sentences(error: ValidationError, *, whole: bool = False) -> dict[str, str]:
    """What is wrong, by the name of the field, fit for people; the first thing of each. `whole` names its part too:
    `buttons.0.label`.
    """
    said: dict[str, str] = {}
    for problem in error.errors(include_url=False):
        name = ".".join(str(part) for part in problem["loc"][: None if whole else 1])
        said.setdefault(name, _sentence(problem["type"], problem.get("ctx", {})))
    return said


def _sentence(kind: str, about: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(about["error"])
    if kind == "string_too_short" and about["min_length"] == 1:
        return SENTENCES["missing"]
    return SENTENCES.get(kind, "This cannot be used. Please look at it again.").format(**about)


def _kinds(annotation: Any) -> set[Any]:
    """The types that a field may have, without their parameters."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return set().union(*(_kinds(one) for one in typing.get_args(annotation)))
    if origin is typing.Annotated:
        return _kinds(typing.get_args(annotation)[0])
    return {origin or annotation}
