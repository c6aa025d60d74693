"""A campaign taken apart: its phases, places, formats and partners."""

from fanops_utils.text import say

AS_WHOLE = say("Each part estimated as the whole is: same controls, same baseline, placebo windows of its own length.")
LUCK = say("One part in ten would stand out by chance alone at 90%.")
