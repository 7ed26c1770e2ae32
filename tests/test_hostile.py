"""Damaged and hostile files of the formats that are tables: a sentence or rejects, never an error of ours, and no record lost.

Every damaged file is read beside others in one drop, because making the tables takes longer than reading. What is expected is counted here from the bytes alone: each line
that is not blank is staged, rejected or left out, once.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from claimaudit.engine import Engine
from claimaudit.errors import InputError
from claimaudit.ingest import IngestSummary, ingest
from claimaudit.readers import flat

from .conftest import CLAIM_LINES
from .test_exports import HEADER, LAYOUT, text
from .test_exports import ROWS as DESK
from .test_fhir import claim, ndjson
from .test_flat import CCLF, idr_drop, write

WIDE = """recognise = ["CPT 1", "CPT 2"]
lines = 2
[claim_lines]
claim_id = "Claim"
line_number = {value = "{n}"}
patient_id = "Patient"
payer_id = {value = "ACME"}
billing_npi = {value = "1999400033"}
service_date = "Date"
procedure_code = "CPT {n}"
units = "Units {n}"
"""
WIDE_ROWS = [
    ["Claim", "Patient", "Date", "CPT 1", "Units 1", "CPT 2", "Units 2"],
    ["C1", "P1", "2025-02-03", "97110", "2", "97140", "1"],
    ["C2", "P1", "2025-02-04", "97110", "many", "", ""],
    ["C3", "P2", "2025-02-05", "", "", "", ""],
]
SYNPUF = (
    {
        "DESYNPUF_ID": "P1",
        "CLM_ID": "8",
        "CLM_FROM_DT": "20080229",
        "CLM_THRU_DT": "20080301",
        "ICD9_DGNS_CD_1": "36632",
    }
    | {f"PRF_PHYSN_NPI_{number}": "1999501103" for number in range(1, 14)}
    | {f"HCPCS_CD_{number}": f"9711{number % 10}" for number in range(1, 14)}
    | {f"LINE_ICD9_DGNS_CD_{number}": "" for number in range(1, 14)}
)


def fixed() -> bytes:
    """Two lines as CCLF5 is sent."""
    rows = [CCLF | {"CLM_LINE_NUM": str(number), "BENE_MBI_ID": "1A00A00AA00"} for number in (1, 2)]
    dated = {"": "2025-02-03", "CLM_LINE_THRU_DT": "2025-02-03"}
    return "".join(
        "".join((row | dated).get(name, "").ljust(width)[:width] for name, width in flat._CCLF_FIXED) + " " * 15 + "\n"
        for row in rows
    ).encode()


def whole(folder: Path, name: str) -> tuple[bytes, list[Path]]:
    """A file of the format that gives claim lines, and those that stand beside it."""
    if name == "cclf-fixed":
        return fixed(), []
    if name == "export":
        return text([HEADER, *DESK]).encode(), []
    if name == "export-wide":
        return text(WIDE_ROWS).encode(), []
    if name == "synpuf":
        rows = [SYNPUF, SYNPUF | {"CLM_ID": "9", "HCPCS_CD_1": ""}]
        return write(folder / "whole", rows).read_bytes(), []
    main, *beside = idr_drop(folder)
    return main.read_bytes(), beside


FORMATS = {
    "synpuf": 13,
    "cclf-fixed": 1,
    "idr": 1,
    "export": 1,
    "export-wide": 2,
}  # and the lines that a record may hold


def damaged(content: bytes, rng: random.Random, step: int, flips: int) -> Iterator[bytes]:
    """Cut off at every so many bytes; with a bit turned, a byte that is no text or parts fields, a part lost, twice or random."""
    yield from (content[:cut] for cut in range(1, len(content), step))
    for _ in range(flips):
        place, other = rng.randrange(len(content)), rng.randrange(len(content))
        yield content[:place] + bytes([content[place] ^ 1 << rng.randrange(8)]) + content[place + 1 :]
        yield (
            content[:place]
            + rng.choice([b"\0", b"\xff", b'"', b",", b"\t", b"\r", b"\n", b"\n\n", b"\xc3"])
            + content[place:]
        )
        yield content[: min(place, other)] + content[max(place, other) :]
        yield content[:place] + content[min(place, other) :]
        yield content[:place] + rng.randbytes(rng.randrange(1, 300)) + content[place:]
    yield rng.randbytes(2000)


def settle(paths: list[Path], beside: list[Path], layouts: list[Path], lines: int) -> None:
    """The files are read, but for those that are refused in a sentence that names them."""
    with Engine(threads=1) as engine:
        while True:
            try:
                summary = ingest(engine, [*paths, *beside], export_layouts=layouts, need_lines=False)
                break
            except InputError as error:
                assert "\n" not in str(error)
                named = [one for one in [*paths, *beside] if re.match(rf"{re.escape(one.name)}\b", str(error))]
                assert len(named) == 1, str(error)
                paths = [one for one in paths if one not in named]
                beside = [one for one in beside if one not in named]
        conserved(engine, summary, {path.name: path.read_bytes() for path in paths}, lines)


def conserved(engine: Engine, summary: IngestSummary, contents: dict[str, bytes], lines: int) -> None:
    """Every line that is not blank is staged, rejected or left out, once."""
    read = [file for file in summary.files if file.status == "read" and file.record_type == "claim_lines"]
    assert summary.lines_read == sum(file.records for file in read)
    good = dict(engine.rows("select file_id, count(*) from stg.claim_line where problem_mask = 0 group by file_id"))
    found: dict[int, set[int]] = {}
    for file_id, record in engine.rows(
        f"""select file_id, (record_number - 1) // {lines} + 1 from stg.claim_line
        union select file_id, record_number from audit.reject where record_type = 'claim_lines'"""
    ):
        found.setdefault(file_id, set()).add(record)
    for file in read:
        if file.file_name not in contents:
            continue
        assert good.get(file.file_id, 0) + file.rejected == file.records
        content = contents[file.file_name]
        if b'"' not in content:  # else a line break may stand inside a value
            left = sum(int(note.split()[0].replace(",", "")) for note in file.notes if " left out: " in note)
            written = sum(1 for line in content.split(b"\n") if line.strip(b"\r")) - (file.format != "cclf-part-b")
            assert len(found.get(file.file_id, ())) + left == written, content


def hammer(folder: Path, name: str, step: int, flips: int, seed: int, take: int) -> None:
    """Damage to the file with the lines, and to each that stands beside it."""
    content, beside = whole(folder, name)
    layouts = [folder / "desk.toml", folder / "wide.toml"]
    layouts[0].write_text(LAYOUT, "utf-8")
    layouts[1].write_text(WIDE, "utf-8")
    rng = random.Random(f"{name} {seed}")
    paths = []
    for number, one in enumerate(damaged(content, rng, step, flips)):
        paths.append(folder / f"damaged {number}")
        paths[-1].write_bytes(one)
    for start in range(0, len(paths), 20):  # a refusal costs the reading of the others again
        settle(paths[start : start + 20], beside, layouts, FORMATS[name])
    main = folder / "main"
    main.write_bytes(content)
    for path in beside:
        intact = path.read_bytes()
        for one in rng.sample(list(damaged(intact, rng, 97, 2)), take):
            path.write_bytes(one)
            settle([main], beside, layouts, FORMATS[name])
        path.write_bytes(intact)


@pytest.mark.parametrize("name", FORMATS)
def test_damage_loses_no_record_and_is_no_error_of_ours(tmp_path, name):
    hammer(tmp_path, name, 97, 1, 1, 1)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", FORMATS)
def test_much_damage(tmp_path, name, seed):
    hammer(tmp_path, name, 31, 25, seed, 9)


BEFORE = {
    "canonical": CLAIM_LINES.encode(),
    "cclf-fixed": fixed(),
    "export": text([HEADER, *DESK]).encode(),
    "fhir": ndjson(claim()).encode(),
}


@pytest.mark.long
@pytest.mark.parametrize("end", [b"", b"\n"], ids=["cut off", "and on"])
@pytest.mark.parametrize("name", BEFORE)
def test_two_hundred_megabytes_on_one_line(tmp_path, name, end):
    """The records around it are read, itself is rejected, and it is not held more than a few times."""
    (tmp_path / "desk.toml").write_text(LAYOUT, "utf-8")
    path = tmp_path / "long.dat"
    with path.open("wb") as stream:
        stream.write(BEFORE[name])
        for _ in range(200):
            stream.write(b"x" * (1 << 20))
        stream.write(end + BEFORE[name].splitlines(keepends=True)[-1] if end else b"")
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(path), str(tmp_path / "desk.toml")],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    read, rejected, peak = map(int, done.stdout.split())
    before = BEFORE[name].count(b"\n") - (name in ("canonical", "export"))
    assert read == before + 1 + bool(end)
    assert rejected >= 1
    assert peak < 900, done.stdout


_CHILD = """
import resource, sys
from pathlib import Path
from claimaudit.engine import Engine
from claimaudit.ingest import ingest
summary = ingest(Engine(threads=1, memory_limit="500MB"), [Path(sys.argv[1])], export_layouts=[Path(sys.argv[2])])
print(summary.lines_read, summary.lines_rejected, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
