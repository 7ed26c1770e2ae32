"""Rebuilds `sql/ref/defaults/unit_limit.csv`: python sql/ref/rebuild/unit_limit.py SOURCE_FOLDER OUTPUT_FOLDER

SOURCE_FOLDER holds `ncci/mue_by_quarter.csv` and `ncci/mue_practitioner_2024Q3.csv`. Kept are the codes of therapy, chemodenervation and what is billed
beside them. A row stands until the next quarter that has the code in its setting.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

CODES = frozenset(
    "20550 20551 20552 20553 20560 20561 20610 20611 62320 62321 62322 62323 64405 64450 64483 64490 64493 64611 64612 64615 64616 64617 64642 64643 "
    "64644 64645 64646 64647 64650 64653 76942 77002 77003 90901 90912 90913 92507 92508 92521 92522 92523 92524 92526 92597 92605 92606 92607 92608 "
    "92609 92610 92611 92612 92618 95851 95852 95873 95874 95992 96105 96125 97010 97012 97014 97016 97018 97022 97024 97026 97028 97032 97033 97034 "
    "97035 97036 97037 97039 97110 97112 97113 97116 97124 97129 97130 97139 97140 97150 97161 97162 97163 97164 97165 97166 97167 97168 97530 97533 "
    "97535 97537 97542 97545 97546 97550 97551 97552 97597 97598 97602 97605 97606 97607 97608 97610 97750 97755 97760 97761 97763 97799 98940 98941 "
    "98942 98943 98975 98976 98977 98978 98980 98981 A6460 A6461 G0281 G0282 G0283 G0329 J0585 J0586 J0587 J0588".split()
)
SETTINGS = {"practitioner": "practitioner", "outpatient hospital": "hospital"}
STARTS = {"2024Q3": "2024-07-01", "2026Q2": "2026-04-01", "2026Q4": "2026-10-01"}
COLUMNS = "procedure_code setting valid_from valid_to unit_limit adjudication release citation".split()
SECOND_HAND = {"2026Q2": ", therapy extract (second hand)", "2026Q4": ", therapy extract (second hand)"}


def rows(source: Path) -> list[list[str]]:
    """The rows of the table, sorted by code, setting and date."""
    limits: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    with (source / "ncci" / "mue_by_quarter.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["code"] in CODES and row["quarter"] in STARTS:
                key = (row["code"], SETTINGS[row["setting"]])
                limits.setdefault(key, {})[row["quarter"]] = (row["mue"], row["mai"])
    with (source / "ncci" / "mue_practitioner_2024Q3.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["hcpcs_code"] in CODES:
                limits.setdefault((row["hcpcs_code"], "practitioner"), {})["2024Q3"] = (
                    row["mue_units"],
                    row["mue_mai"],
                )
    found = []
    for (code, setting), quarters in sorted(limits.items()):
        names = sorted(quarters)
        for name, following in zip(names, [*names[1:], None], strict=True):
            release = f"MUE-{name}" if setting == "practitioner" else f"MUE-{name}-hospital"
            cite = f"CMS {setting} MUE table effective {STARTS[name]}{SECOND_HAND.get(name, '')}"
            found.append(
                [code, setting, STARTS[name], STARTS[following] if following else "", *quarters[name], release, cite]
            )
    return found


def main(source: Path, output: Path) -> None:
    with (output / "unit_limit.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(source))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
