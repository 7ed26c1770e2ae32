"""Rebuilds `sql/ref/defaults/pair_edit.csv`: python sql/ref/rebuild/pair_edit.py SOURCE_FOLDER OUTPUT_FOLDER

SOURCE_FOLDER holds `ncci/ptp_dated_therapy_pain.csv` and `ncci/ptp_dated_therapy_pain_outpatient_hospital.csv`: the rows of the CMS tables of
2024-07-01 with the dates or bounds that could be established for their starts. Kept are all pairs within one set of codes (therapy, chemodenervation,
and the visits, blocks and studies that stand beside them), deleted rows included, so that the table is complete for its codes; never the whole table,
never a description.
"""

from __future__ import annotations

import csv
import sys
from datetime import date, timedelta
from pathlib import Path

THERAPY = frozenset(
    "97012 97016 97018 97022 97024 97026 97028 97032 97033 97034 97035 97036 97110 97112 97113 97116 97124 97140 97150 97161 97162 97163 "
    "97164 97165 97166 97167 97168 97530 97533 97535 97537 97542 97545 97597 97598 97610 97750 97755 97760 97761 97763 97129 97130 "
    "95851 95852 95992 96125 98940 98941 98942 90901 90912 90913 20560 20561 29581 29584 G0281 G0283 G0329".split()
)
CHEMODENERVATION = frozenset(
    "64611 64612 64613 64614 64615 64616 64617 64642 64643 64644 64645 64646 64647 64650 64653 95873 95874".split()
)
BESIDE = frozenset(
    "99202 99203 99204 99205 99211 99212 99213 99214 99215 G0463 20550 20551 20552 20553 20560 20561 62320 62321 62322 62323 64400 64405 64408 "
    "64415 64416 64417 64418 64420 64421 64425 64430 64435 64445 64446 64447 64448 64449 64450 64451 64454 64461 64463 64479 64483 64486 64487 "
    "64488 64489 64490 64493 64505 64510 64517 64520 95860 95861 95863 95864 95867 95868 95870 95907 95908 96372 96374 96365".split()
)
CODES = THERAPY | CHEMODENERVATION | BESIDE
SETTINGS = {
    "practitioner": ("ptp_dated_therapy_pain.csv", "PTP-2024Q3-practitioner"),
    "hospital": ("ptp_dated_therapy_pain_outpatient_hospital.csv", "PTP-2024Q3-hospital"),
}
COLUMNS = "column_1 column_2 setting valid_from valid_to certain_from indicator release citation".split()
START = {
    "withdrawn": "never in force",
    "reinstated_2020_10": "back by the notices of September 2020",
    "revised_2018_01": "start by the notice on version 24.0",
    "indicator_change": "starts where the row before it ended",
    "after_previous_row": "start known within bounds",
    "code_age": "start known within bounds",
    "unknown": "start known within bounds",
}


def rows(source: Path) -> list[list[str]]:
    """The rows of the table, sorted; valid_from is the earliest day on which the edit can have applied, certain_from the first on which it did."""
    found = set()
    for setting, (name, release) in SETTINGS.items():
        with (source / "ncci" / name).open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if not {row["col1"], row["col2"]} <= CODES:
                    continue
                first = row["effective"] or row["effective_earliest"]
                # an estimate is a bound, not a date: the edit is certain only from the last day on which it can have begun
                certain = first if row["effective_certain"] == "1" else row["effective_latest"] or row["effective"]
                if row["effective_certain"] != "1":
                    first = row["effective_earliest"] or first
                if row["indicator"] == "9":
                    first = certain = row["deletion"]
                last = str(date.fromisoformat(row["deletion"]) + timedelta(days=1)) if row["deletion"] else ""
                found.add(
                    (row["col1"], row["col2"], setting, first, last, certain, row["indicator"], release,
                     f"CMS PTP table of 2024-07-01; {START[row['basis']]}")
                )  # fmt: skip
    return [list(row) for row in sorted(found)]


def main(source: Path, output: Path) -> None:
    with (output / "pair_edit.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows(source))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
