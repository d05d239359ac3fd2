"""What is answered where shopping refuses something: its codes, with HTTP's statuses."""

from __future__ import annotations

from assistant.errors import ServiceError
from skills.shopping.errors import ShoppingError
from skills.storefront import StorefrontError

_STATUSES = {"sku_taken": 409, "import_running": 409, "feed_too_large": 413}
"""Others are 404 for what is not there, and 422."""


def shop_error(error: ShoppingError | StorefrontError) -> ServiceError:
    """The same, as an answer; what is meant for the operator is not told to everybody."""
    if error.retryable:
        return ServiceError(error.code, "I cannot reach my notes right now. Please try again in a moment.", 503)
    status = _STATUSES.get(error.code, 404 if error.code.endswith(("_unknown", "_missing")) else 422)
    return ServiceError(error.code, str(error), status)
