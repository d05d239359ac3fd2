"""What a seller says to the console: what customers wanted, and what the shop shall answer from now on."""

from skills.seller.actions import SellerActions
from skills.seller.asking import Asking
from skills.seller.editing import SAID, Editing
from skills.seller.numbers import MOST, Figures, Numbers, Told
from skills.seller.period import Period

__all__ = ["MOST", "SAID", "Asking", "Editing", "Figures", "Numbers", "Period", "SellerActions", "Told"]
