"""What customers' reviews say of a product, worked out by rules from their own words."""

from skills.shopping.deciding.reviews.opinion import Opinion, opinions
from skills.shopping.deciding.reviews.summarising import line, pros_and_cons, summary

__all__ = ["Opinion", "line", "opinions", "pros_and_cons", "summary"]
