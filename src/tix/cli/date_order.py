"""How the person's locale orders the numbers of a date: whether ``3/4/2026`` is in March or in April."""

from __future__ import annotations

import os

# The territories whose short dates begin with the month, and those whose begin with the day; by the Unicode CLDR.
# Where a year comes first (Japan, Hungary, Lithuania), or customs differ (Canada, South Africa), none is assumed.
_MONTH_FIRST = frozenset("AS FM GU MH MP PR PW UM US VI".split())
_DAY_FIRST = frozenset(
    "AD AE AL AM AR AT AU AZ BA BE BG BH BO BR BY CH CL CO CR CU CY CZ DE DK DO DZ EC EE EG ES FI FR GB GE GH GR GT HK "
    "HN HR ID IE IL IN IQ IS IT JO KW LB LI LU LV LY MA MC MD ME MK MT MX MY NG NI NL NO NZ OM PE PK PL PT PY QA RO RS "
    "RU SA SG SI SK SM SV SY TH TN TR UA UK UY VA VE VN XK YE".split()
)


def date_order() -> str | None:
    """Return ``mdy`` or ``dmy`` by the territory of ``LC_ALL``, ``LC_TIME`` or ``LANG``; None if they do not say."""
    given = (os.environ.get(name, "") for name in ("LC_ALL", "LC_TIME", "LANG"))
    name = next(filter(None, given), "")
    territory = name.partition(".")[0].partition("@")[0].partition("_")[2].upper()
    if territory in _MONTH_FIRST:
        return "mdy"
    return "dmy" if territory in _DAY_FIRST else None
