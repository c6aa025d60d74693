"""A campaign taken apart: its phases, places, formats and partners."""

from fanops_utils.text import say

AS_WHOLE = say("Each part estimated as the whole is: same controls, same baseline, placebo windows of its own length.")
LUCK = say("Each interval stands for itself; what is said to have moved stands out among all parts read together.")
