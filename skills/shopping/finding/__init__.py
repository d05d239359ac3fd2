"""Finding: a shop's products by what people say of them."""

from skills.shopping.finding.asking import Asked
from skills.shopping.finding.found import Found
from skills.shopping.finding.search import ProductSearch

__all__ = ["Asked", "Found", "ProductSearch"]
