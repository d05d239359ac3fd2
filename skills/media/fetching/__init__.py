"""Fetches feeds, recordings, transcripts and pictures from addresses that strangers wrote."""

from skills.media.fetching.addresses import Network
from skills.media.fetching.fetcher import Fetched, Fetcher, NotModified
from skills.media.fetching.partial import Validators
from skills.media.fetching.purposes import Limits, Purpose

__all__ = ["Fetched", "Fetcher", "Limits", "Network", "NotModified", "Purpose", "Validators"]
