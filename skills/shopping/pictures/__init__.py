"""Pictures of products drawn by code, so that every product of a demo shop has one and none needs a licence."""

from skills.shopping.pictures.drawing import picture

__all__ = ["picture"]
