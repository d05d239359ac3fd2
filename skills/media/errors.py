"""What can go wrong with media from outside; every error has a stable code and says what was wrong, and where."""

from __future__ import annotations

from skills.errors import SkillError


class MediaError(SkillError):
    """Base of every error about media from outside.

    `code` is stable and meant for machines; `retryable` says whether the same call may succeed a little later.
    """

    def __init__(self, code: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable


class CaptionError(MediaError):
    """Captions of which nothing can be used.

    Codes: `captions_too_large`, `captions_not_text`, `captions_invalid`, `captions_empty`.
    """


class FeedError(MediaError):
    """A feed, or a chapters file, that cannot be read at all.

    Codes: `feed_unreadable`, `feed_too_large`, `feed_too_deep`, `feed_entities`, `feed_broken`, `feed_unknown`,
    `chapters_invalid`.
    """


class FetchError(MediaError):
    """Something that could not be fetched.

    Codes, worth another try: `fetch_failed`, `fetch_timeout`, `fetch_cut`, `fetch_busy`; and not: `fetch_address`,
    `fetch_refused`, `fetch_missing`, `fetch_redirects`, `fetch_too_large`, `fetch_type`, `fetch_invalid`.
    """


class ContentError(MediaError):
    """The store of files. Codes: `content_not_written`, `content_invalid`, `content_missing`."""


class ImageError(MediaError):
    """A picture that is not used. Codes: `image_unknown`, `image_damaged`, `image_too_large`."""


class ShelfError(MediaError):
    """Imported media in the database.

    Codes: `shelf_failed`, worth another try; `item_unknown`, `transcript_changed`.
    """


class RecordingError(MediaError):
    """A recording that cannot be used.

    Codes: `recording_unreadable`, `recording_empty`, `recording_silent`, `recording_too_long`, `recording_codec`,
    `recording_not_written`, `recording_pictures` (a video of which nothing can be seen).
    """


class UploadError(MediaError):
    """An upload that is not taken, or not in this way.

    Codes: `upload_invalid`, `upload_too_large`, `upload_unknown`, `upload_offset`, `upload_busy` (worth another try),
    `upload_checksum`, `upload_cut` (worth another try), `upload_full`, `upload_too_many`.
    """


class SourceError(MediaError):
    """A source that cannot be imported at all. Codes: `source_missing`, `source_unreadable`, `source_empty`."""
