"""What a seller says to the console: what customers wanted, and what the shop shall answer from now on."""

from skills.seller.actions import SellerActions
from skills.seller.asking import Asking
from skills.seller.editing import Editing
from skills.seller.numbers import Figures, Numbers, Told
from skills.seller.period import Period, read_period

__all__ = ["Asking", "Editing", "Figures", "Numbers", "Period", "SellerActions", "Told", "read_period"]
