"""Rebuilds `sql/ref/defaults/federal_holiday.csv` from the law: python sql/ref/rebuild/federal_holiday.py OUTPUT_FOLDER

5 U.S.C. 6103(a) names the days. One that falls on a Saturday is observed on the Friday before it (6103(b)), one that falls on a Sunday on the Monday
after it (Executive Order 11582); both the day and its observed day are listed. Juneteenth was added on 2021-06-17. Days closed by executive order alone
and Inauguration Day, which closes offices around Washington only, are left out.
"""

from __future__ import annotations

import csv
import sys
from datetime import date, timedelta
from pathlib import Path

FIRST_YEAR, LAST_YEAR = 2010, 2032
COLUMNS = ["day", "holiday", "citation"]
FIXED = {
    "New Year's Day": (1, 1),
    "Juneteenth": (6, 19),
    "Independence Day": (7, 4),
    "Veterans Day": (11, 11),
    "Christmas Day": (12, 25),
}
# month, weekday (Monday = 0), which one; -1 = the last
FLOATING = {
    "Birthday of Martin Luther King, Jr.": (1, 0, 3),
    "Washington's Birthday": (2, 0, 3),
    "Memorial Day": (5, 0, -1),
    "Labor Day": (9, 0, 1),
    "Columbus Day": (10, 0, 2),
    "Thanksgiving Day": (11, 3, 4),
}


def floating(year: int, month: int, weekday: int, which: int) -> date:
    """The `which`-th such weekday of a month."""
    if which < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))


def rows() -> list[list[str]]:
    """The rows of the table, sorted by day. The observed day of a New Year's Day can lie in the year before."""
    found: dict[date, list[str]] = {}
    for year in range(FIRST_YEAR, LAST_YEAR + 2):
        for name, (month, day) in FIXED.items():
            if name == "Juneteenth" and year < 2021:
                continue
            holiday = date(year, month, day)
            found[holiday] = [name, "5 U.S.C. 6103(a)"]
            if holiday.weekday() == 5:
                found[holiday - timedelta(days=1)] = [f"{name}, observed", "5 U.S.C. 6103(b)"]
            if holiday.weekday() == 6:
                found[holiday + timedelta(days=1)] = [f"{name}, observed", "Executive Order 11582, section 3"]
        for name, (month, weekday, which) in FLOATING.items():
            found[floating(year, month, weekday, which)] = [name, "5 U.S.C. 6103(a)"]
    return [[day.isoformat(), *found[day]] for day in sorted(found) if FIRST_YEAR <= day.year <= LAST_YEAR]


def main(output: Path) -> None:
    with (output / "federal_holiday.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
