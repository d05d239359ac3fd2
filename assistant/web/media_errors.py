"""What is answered where the media skill refuses something: its codes, with HTTP's statuses."""

from __future__ import annotations

from assistant.errors import ServiceError
from skills.media.errors import MediaError

_STATUSES = {
    "item_unknown": 404,
    "upload_unknown": 404,
    "upload_offset": 409,
    "transcript_changed": 412,
    "upload_too_large": 413,
    "captions_too_large": 413,
    "image_too_large": 413,
    "upload_invalid": 400,
    "upload_cut": 400,
    "upload_busy": 423,
    "upload_too_many": 429,
    "upload_checksum": 460,  # tus's own
    "upload_full": 507,
    "content_not_written": 507,
    "shelf_failed": 503,
}
"""Others are 422: the content is not what it should be."""
_SENTENCES = {
    "content_not_written": "It could not be written here; perhaps the disk is full. What has come is kept.",
    "shelf_failed": "I cannot reach my notes right now. Please try again in a moment.",
}
"""In place of what is meant for the operator."""


def service_error(error: MediaError) -> ServiceError:
    """The same, as an answer."""
    return ServiceError(error.code, _SENTENCES.get(error.code, str(error)), _STATUSES.get(error.code, 422))
