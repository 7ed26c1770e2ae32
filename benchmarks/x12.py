"""Reads a generated 837P and 835 with this project's readers and, if an interpreter that has it is named, with pyx12.

    python benchmarks/x12.py [--claims N] [--pyx12 PYTHON] [--keep FOLDER]

Each measurement has a process of its own: segments per processor second and peak memory, at N claims and at ten times as many.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

CODES = [
    ("97110", 2, "62.40"),
    ("97140", 1, "28.75"),
    ("97530", 1, "35.10"),
    ("97112", 1, "33.20"),
    ("97035", 1, "14.05"),
]
_HEAD = "ISA*00*          *00*          *ZZ*SUBMITTER      *ZZ*RECEIVER       *260301*1200*^*00501*{number:09}*0*P*:~"
_PER_SET = 800


def envelope(number: int, group: str, guide: str, sets: Iterator[list[str]]) -> Iterator[str]:
    """One interchange with one group; a set's segments get their ST and SE."""
    yield _HEAD.format(number=number)
    yield f"GS*{group}*SUBMITTER*RECEIVER*20260301*1200*{number}*X*{guide}~"
    count = 0
    for count, segments in enumerate(sets, 1):
        yield f"ST*{guide[-6:-2] == 'X221' and '835' or '837'}*{count:04}*{guide}~"
        yield "".join(segments)
        yield f"SE*{sum(segment.count('~') for segment in segments) + 2}*{count:04}~"
    yield f"GE*{count}*{number}~"
    yield f"IEA*1*{number:09}~"


def _lines(random_: random.Random) -> list[tuple[str, int, str]]:
    return random_.sample(CODES, random_.randint(2, 4))


def claims(count: int, seed: int = 1) -> Iterator[list[str]]:
    """Segments of professional claims, 800 to a transaction; every fourth patient is a dependent."""
    random_ = random.Random(seed)
    for first in range(0, count, _PER_SET):
        segments = [
            f"BHT*0019*00*{first}*20260301*1200*CH~",
            "NM1*41*2*BILLING SERVICE*****46*123456789~PER*IC*DESK*TE*5125550100~NM1*40*2*RECEIVER*****46*987654321~",
            "HL*1**20*1~PRV*BI*PXC*225100000X~NM1*85*2*THERAPY CLINIC*****XX*1999400033~",
            "N3*1 MAIN STREET~N4*AUSTIN*TX*787010000~REF*EI*123456789~",
        ]
        level = 1
        for n in range(first, min(first + _PER_SET, count)):
            level += 1
            subscriber, dependent = level, n % 4 == 0
            segments.append(
                f"HL*{level}*1*22*{int(dependent)}~SBR*P*{'' if dependent else '18'}*******{('MB', 'CI', '16')[n % 3]}~"
                f"NM1*IL*1*PATIENT*NUMBER{n // 3}****MI*M{n // 3:08}~N3*{n} OAK STREET~N4*AUSTIN*TX*78702~DMG*D8*19500101*F~"
                f"NM1*PR*2*PAYER {n % 3}*****PI*PAYER{n % 3}~"
            )
            if dependent:
                level += 1
                segments.append(
                    f"HL*{level}*{subscriber}*23*0~PAT*19~NM1*QC*1*PATIENT*CHILD{n // 3}~N3*{n} OAK STREET~N4*AUSTIN*TX*78702~DMG*D8*20100101*M~"
                )
            day = date(2026, 1, 1) + timedelta(days=random_.randrange(59))
            lines = _lines(random_)
            total = sum(float(charge) * 2 for _, _, charge in lines)
            segments.append(
                f"CLM*C{n:09}*{total:.2f}***11:B:1*Y*A*Y*Y~REF*G1*AUTH{n % 97}~HI*ABK:M5451*ABF:M25511*ABF:R262~"
                "NM1*82*1*THERAPIST*PAT****XX*1999501103~PRV*PE*PXC*225100000X~"
            )
            for number, (code, units, charge) in enumerate(lines, 1):
                segments.append(
                    f"LX*{number}~SV1*HC:{code}:GP*{float(charge) * 2:.2f}*UN*{units}***1:2~DTP*472*D8*{day:%Y%m%d}~REF*6R*{n}L{number}~"
                )
        yield segments


def remittances(count: int, seed: int = 1) -> Iterator[list[str]]:
    """The payments of the same claims."""
    random_ = random.Random(seed)
    for first in range(0, count, _PER_SET):
        body, paid_in_all = [], 0
        for n in range(first, min(first + _PER_SET, count)):
            day = date(2026, 1, 1) + timedelta(days=random_.randrange(59))
            lines = _lines(random_)
            cents = [round(float(charge) * 200) for _, _, charge in lines]
            paid = [value // 2 for value in cents]
            paid_in_all += sum(paid)
            body.append(
                f"CLP*C{n:09}*1*{sum(cents) / 100:.2f}*{sum(paid) / 100:.2f}**MB*ICN{n:010}*11*1~"
                f"NM1*QC*1*PATIENT*NUMBER{n // 3}****MI*M{n // 3:08}~NM1*82*1*THERAPIST*PAT****XX*1999501103~DTM*050*20260305~"
            )
            for number, ((code, units, _), charge, pay) in enumerate(zip(lines, cents, paid, strict=True), 1):
                body.append(
                    f"SVC*HC:{code}:GP*{charge / 100:.2f}*{pay / 100:.2f}**{units}~DTM*472*{day:%Y%m%d}~"
                    f"CAS*CO*45*{(charge - pay) / 100:.2f}~REF*6R*{n}L{number}~AMT*B6*{pay / 100:.2f}~LQ*HE*N782~"
                )
        yield [
            f"BPR*I*{paid_in_all / 100:.2f}*C*ACH*CCP*01*111000025*DA*123456*1123456789**01*111000025*DA*654321*20260320~",
            f"TRN*1*CHECK{first}*1123456789~DTM*405*20260320~N1*PR*PAYER 0~N3*2 MAIN STREET~N4*AUSTIN*TX*78701~"
            "PER*BL*DESK*TE*5125550101~N1*PE*THERAPY CLINIC*XX*1999400033~LX*1~",
            *body,
        ]


def write(path: Path, kind: str, count: int) -> int:
    """Write a file of one kind; how many segments it has."""
    sets = claims(count) if kind == "837p" else remittances(count)
    group, guide = ("HC", "005010X222A1") if kind == "837p" else ("HP", "005010X221A1")
    segments = 0
    with path.open("w", encoding="ascii") as stream:
        for text in envelope(1, group, guide, sets):
            segments += text.count("~")
            stream.write(text)
    return segments


_PYX12 = """
import sys, time, resource, json, io, logging
import pyx12.x12n_document, pyx12.params, pyx12.error_handler, pyx12.map_if, pyx12.x12file, pyx12.x12context
what, path = sys.argv[1:3]
begin = time.process_time()
count = 0
if what == "segments":
    for segment in pyx12.x12file.X12Reader(open(path, encoding="ascii")):
        count += 1
else:
    param = pyx12.params.params()
    errors = pyx12.error_handler.errh_null()
    for segment in pyx12.x12context.X12ContextReader(param, errors, open(path, encoding="ascii")).iter_segments():
        count += 1
print(json.dumps({"segments": count, "seconds": time.process_time() - begin, "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def measure(what: str, path: Path) -> dict[str, float]:
    """This project's part of the work in this process: take the file apart (`read`), or all of `ingest`."""
    import pyarrow as pa

    from claimaudit.engine import Engine
    from claimaudit.ingest import ingest, raw_layouts
    from claimaudit.readers import readers, text

    layouts = raw_layouts()  # reads the catalogue once, which is no part of the file
    pa.array([""])  # nor is what pyarrow loads with its first array
    begin, wall = time.process_time(), time.monotonic()
    records = 0
    if what == "read":
        head = text.examine(path)
        source = next(filter(None, (reader.recognise(head, layouts) for reader in readers())))
        assert source.decoder
        counted = source.decoder.scan().records
        for batch in source.decoder.batches():
            if batch.rows is not None and batch.layout == source.layout.name:
                records += batch.rows.num_rows
        assert counted == records and not source.decoder.notes(), source.decoder.notes()
    else:
        lines = Path(f"{path}.lines.csv")
        database = Path(f"{path}.duckdb")
        database.unlink(missing_ok=True)
        inputs = [path] if path.name.startswith("837p") else [path, lines]
        with Engine(database, threads=2, memory_limit="1000MB") as engine:
            records = sum(file.records for file in ingest(engine, inputs).files if file.file_name == path.name)
    return {
        "records": records,
        "seconds": time.process_time() - begin,
        "wall": time.monotonic() - wall,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _child(*command: str) -> dict[str, float]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--pyx12", help="a Python interpreter that has pyx12")
    parser.add_argument("--keep", type=Path, help="write the files here, and keep them")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure[0], Path(given.measure[1]))))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for kind in ("837p", "835"):
            for count in (given.claims, given.claims * 10):
                path = folder / f"{kind}-{count}.edi"
                segments = write(path, kind, count)
                Path(f"{path}.lines.csv").write_text(
                    "claim_id,line_number,patient_id,payer_id,billing_npi,rendering_npi,service_date,procedure_code,units\n"
                    "X,1,P,P,1999400033,1999501103,2026-01-05,97110,1\n"
                )
                print(f"{path.name}: {segments:,} segments, {path.stat().st_size / 1e6:.1f} MB")
                rates = {}
                for what in ("read", "ingest"):
                    found = _child(sys.executable, __file__, "--measure", what, str(path))
                    rates[what] = segments / found["seconds"]
                    print(
                        f"  {what:8} {rates[what]:>12,.0f} segments per processor second, "
                        f"{found['seconds']:.1f} processor s, {found['wall']:.1f} s, peak {found['mib']:.0f} MiB"
                    )
                if given.pyx12 and count == given.claims:
                    for what in ("segments", "context"):
                        found = _child(given.pyx12, "-c", _PYX12, what, str(path))
                        other = segments / found["seconds"]
                        print(
                            f"  pyx12, {what}: {other:,.0f} segments per processor second, peak {found['mib']:.0f} MiB; "
                            f"read is {rates['read'] / other:.1f} times, ingest {rates['ingest'] / other:.1f} times as fast"
                        )


if __name__ == "__main__":
    main()
