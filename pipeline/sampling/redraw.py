"""Draws the sample of this folder again and compares: `python3 -I redraw.py [FOLDER]`. Python's own library is all it needs.

The hash of the frame is SHA-256 over its rows, header first, each as one line of JSON. The key of a unit is the SHA-256 of
`<seed>:<frame_number>`; in each stratum the units with the smallest keys, in that order, are the sample, and the next ones the spares.
"""

import csv
import hashlib
import json
import sys
from pathlib import Path


def rows(path: Path) -> list[list[str]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file) if row]


def frame_hash(table: list[list[str]]) -> str:
    return hashlib.sha256("".join(json.dumps(row) + "\n" for row in table).encode()).hexdigest()


def ranked(seed: str, numbers: list[int]) -> list[int]:
    return sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).hexdigest())


def trouble(folder: Path) -> str | None:
    draw, frame = json.loads((folder / "draw.json").read_text("utf-8")), rows(folder / "frame.csv")
    if frame_hash(frame) != draw["frame"]["sha256"]:
        return "The frame is not the one that was drawn from: its hash differs."
    members: dict[str, list[int]] = {}
    for row in frame[1:]:
        members.setdefault(row[1], []).append(int(row[0]))
    for stratum in draw["strata"]:
        order = ranked(draw["seed"], members.get(stratum["stratum"], []))
        taken = stratum["sample"] + stratum["spares"]
        if len(order) != stratum["units"] or order[: len(taken)] != taken:
            return f"The seed draws other units in stratum {stratum['stratum']}."
    return None


if __name__ == "__main__":
    here = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    numbers = sorted(int(row[0]) for row in rows(here / "sample.csv")[1:])
    drawn = sorted(n for part in json.loads((here / "draw.json").read_text("utf-8"))["strata"] for n in part["sample"])
    wrong = trouble(here) or (None if numbers == drawn else "sample.csv has other units than draw.json.")
    print(wrong or f"The seed draws these {len(drawn)} units from this frame.")
    sys.exit(1 if wrong else 0)
