"""Shops and their catalogues in the database: what can be bought, what is left of it, and what customers wrote."""

from skills.shopping.catalogue.catalogues import Catalogues
from skills.shopping.catalogue.shop_files import DEMO_SHOPS, load_shop

__all__ = ["DEMO_SHOPS", "Catalogues", "load_shop"]
