"""FHIR claims as lines against json.loads of each line and building the same rows in Python.

    python benchmarks/fhir.py [resources]

Both read the same file of made-up professional claims in one run, turn about; the figures are the ratios. The plain way makes the same canonical rows of claim lines,
payers and providers, which is checked, for this one form of claim alone. Of claimaudit two things are measured: the reader, from the file to these rows with count and
digest of the file, and the whole ingest, which goes on to strict casts, rejects and control totals.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from claimaudit.catalog import tables
from claimaudit.engine import Engine
from claimaudit.ingest import ingest, made_ready, raw_layouts
from claimaudit.readers import readers, text

CMS = "https://bluebutton.cms.gov/resources"
NPI = "http://hl7.org/fhir/sid/us-npi"


def claim(number: int, rng: random.Random) -> dict[str, Any]:
    """A carrier claim as the services of CMS write it: most of its text is systems and displays."""

    def coded(system: str, code: str, display: str = "a name of the code as long as such names are") -> dict[str, Any]:
        return {"coding": [{"system": system, "code": code, "display": display}]}

    def money(code: str, name: str) -> dict[str, Any]:
        category = coded("http://terminology.hl7.org/CodeSystem/adjudication", code)
        category["coding"] += coded(f"{CMS}/codesystem/adjudication", f"{CMS}/variables/{name}")["coding"]
        return {"category": category, "amount": {"value": rng.randint(100, 20000) / 100, "currency": "USD"}}

    day = f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    items = [
        {
            "sequence": item,
            "careTeamSequence": [1, 2],
            "diagnosisSequence": [rng.randint(1, 4)],
            "productOrService": coded(f"{CMS}/codesystem/hcpcs", rng.choice(["97110", "97140", "97530", "97112"])),
            "modifier": [coded(f"{CMS}/codesystem/hcpcs", "GP")],
            "servicedPeriod": {"start": day, "end": day},
            "locationCodeableConcept": coded(f"{CMS}/variables/line_place_of_srvc_cd", "11"),
            "quantity": {"value": rng.randint(1, 4)},
            "extension": [
                {"url": f"{CMS}/variables/line_prcsg_ind_cd", "valueCoding": {"code": "A", "display": "Allowed"}}
            ],
            "adjudication": [
                money("benefit", "line_nch_pmt_amt"),
                money("deductible", "line_bene_ptb_ddctbl_amt"),
                money("coinsurance", "line_coinsrnc_amt"),
                money("submitted", "line_sbmtd_chrg_amt"),
                money("eligible", "line_alowd_chrg_amt"),
            ],
        }
        for item in range(1, rng.randint(2, 6))
    ]
    provider = {"identifier": {"system": NPI, "value": f"1{rng.randint(0, 199):09}"}}
    return {
        "resourceType": "ExplanationOfBenefit",
        "id": f"carrier-{number}",
        "identifier": [{"system": f"{CMS}/variables/clm_id", "value": str(number)}],
        "status": "active",
        "type": {"coding": [{"system": f"{CMS}/codesystem/eob-type", "code": "CARRIER"}]},
        "use": "claim",
        "patient": {"reference": f"Patient/{rng.randint(1, 5000)}"},
        "billablePeriod": {"start": day, "end": day},
        "insurer": {"identifier": {"value": "CMS"}},
        "provider": provider,
        "careTeam": [
            {"sequence": 1, "provider": provider, "role": coded("role", "performing")},
            {"sequence": 2, "provider": provider, "role": coded("role", "referring")},
        ],
        "diagnosis": [
            {"sequence": place, "diagnosisCodeableConcept": coded("http://hl7.org/fhir/sid/icd-10-cm", code)}
            for place, code in enumerate(("M5450", "M25561", "M25562", "R262"), start=1)
        ],
        "insurance": [{"focal": True, "coverage": {"reference": "Coverage/part-b"}}],
        "item": items,
    }


COLUMNS = (
    *("claim_id", "line_number", "patient_id", "payer_id", "billing_npi", "rendering_npi", "place_of_service"),
    *("service_date", "service_date_to", "procedure_code", "modifier_1", "modifier_2", "modifier_3", "modifier_4"),
    *("units", *(f"diagnosis_{number}" for number in range(1, 13)), "diagnosis_pointers"),
    *("charge_amount", "allowed_amount", "paid_amount", "line_status", "carc_codes", "rarc_codes"),
    *("claim_frequency", "original_claim_id", "received_date", "processed_date", "ndc", "prior_authorization"),
)


class Plain:
    """The canonical rows of claims, built the plain way; what these claims never have is left blank, and costs nothing."""

    def __init__(self) -> None:
        self.lines: list[tuple[str | None, ...]] = []
        self.payers: dict[str, tuple[str | None, ...]] = {}
        self.providers: dict[str, tuple[str | None, ...]] = {}

    def add(self, resource: dict[str, Any]) -> None:
        """The rows of one claim."""
        if not any(coding["code"] in ("CARRIER", "professional") for coding in resource["type"]["coding"]):
            return
        claim_id = next(one["value"] for one in resource["identifier"] if one["system"].endswith("/clm_id"))
        payer = "MEDICARE-PART-B" if resource["insurer"]["identifier"]["value"] == "CMS" else None
        self.payers.setdefault(payer or "", (payer, "Medicare Part B", "medicare_b"))
        found = sorted((one["sequence"], one["diagnosisCodeableConcept"]["coding"][0]) for one in resource["diagnosis"])
        positions = {sequence: str(place) for place, (sequence, _) in enumerate(found, start=1)}
        diagnoses: list[str | None] = [coding["code"] for _, coding in found]
        diagnoses += [None] * (12 - len(diagnoses))
        team = {one["sequence"]: one for one in resource["careTeam"]}
        billing = resource["provider"]["identifier"]["value"]
        for item in resource["item"]:
            amounts: dict[str, Any] = {}
            for one in item["adjudication"]:
                amounts.setdefault(one["category"]["coding"][0]["code"], one["amount"]["value"])
            members = [team[number] for number in item["careTeamSequence"]]
            performing = [one for one in members if one["role"]["coding"][0]["code"] in ("performing", "rendering")]
            rendering = performing[0]["provider"]["identifier"]["value"] if performing else billing
            self.providers.setdefault(rendering, (rendering, None, None))
            modifiers: list[str | None] = [one["coding"][0]["code"] for one in item.get("modifier", [])]
            indicator = next(
                (one["valueCoding"]["code"] for one in item["extension"] if one["url"].endswith("/line_prcsg_ind_cd")),
                None,
            )
            period = item["servicedPeriod"]
            self.lines.append(
                (
                    claim_id,
                    str(item["sequence"]),
                    resource["patient"]["reference"].rpartition("/")[2],
                    payer,
                    billing,
                    rendering,
                    item["locationCodeableConcept"]["coding"][0]["code"],
                    period["start"],
                    period["end"],
                    item["productOrService"]["coding"][0]["code"],
                    *(modifiers + [None] * (4 - len(modifiers))),
                    str(item["quantity"]["value"]),
                    *diagnoses,
                    ":".join(positions[sequence] for sequence in item["diagnosisSequence"]),
                    str(amounts["submitted"]),
                    str(amounts["eligible"]),
                    str(amounts["benefit"]),
                    "paid" if indicator == "A" else "denied" if indicator in tuple("BCDILMNPZ") else "unknown",
                    *[None] * 8,
                )
            )


def plainly(path: Path) -> Plain:
    """The whole file the plain way."""
    made = Plain()
    with path.open("rb") as stream:
        for line in stream:
            made.add(json.loads(line))
    return made


def reader(engine: Engine, path: Path) -> None:
    """The file as tables of canonical rows, all text: what the reader does of an ingest."""
    source = next(filter(None, (one.recognise(text.examine(path), raw_layouts()) for one in readers())))
    assert source.decoder
    counted = source.decoder.scan().records
    given = 0

    def batches() -> Iterator[pa.RecordBatch]:
        nonlocal given
        for batch in source.decoder.batches() if source.decoder else ():
            if batch.rows is not None:
                given += batch.rows.num_rows
                yield batch.rows.append_column("file_id", pa.array([1] * batch.rows.num_rows, pa.int32()))

    engine.execute("create schema if not exists raw")
    rest = batches()
    with made_ready(engine, source, next(rest), rest):
        for record, name in source.views.items():
            engine.execute(f"create or replace table {record} as {tables()[name].sql}")
    assert given == counted


def check(path: Path) -> None:
    """Both ways make the same rows."""
    made = plainly(path)
    with Engine(threads=2) as engine:
        reader(engine, path)
        blank = ", ".join(f"nullif({name}, '') as {name}" for name in COLUMNS)
        assert engine.rows(f"select {blank} from claim_lines order by record_number") == made.lines
        payers = engine.rows("select payer_id, payer_name, payer_class from payers order by 1")
        assert payers == sorted(made.payers.values())
        providers = engine.rows("select npi, specialty_code, taxonomy_code from providers order by 1")
        assert providers == sorted(made.providers.values())


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "eob.ndjson"
        with path.open("w", encoding="utf-8") as out:
            for number in range(count):
                out.write(json.dumps(claim(number, rng), separators=(",", ":")) + "\n")
        check(path)
        print(f"{count:,} resources, {path.stat().st_size / 1e6:,.0f} MB")
        taken: dict[str, list[tuple[float, float]]] = {"plain": [], "reader": [], "ingest": []}
        for _ in range(3):
            for name, times in taken.items():
                with Engine(threads=2) as engine:
                    start, used = time.perf_counter(), time.process_time()
                    if name == "plain":
                        plainly(path)
                    elif name == "reader":
                        reader(engine, path)
                    else:
                        ingest(engine, [path])
                    times.append((time.perf_counter() - start, time.process_time() - used))
        for name, place in (("wall", 0), ("processor", 1)):
            plain, own, whole = (min(one[place] for one in times) for times in taken.values())
            print(
                f"{name:9} json.loads and rows {plain:6.2f} s, reader {own:6.2f} s, ratio {plain / own:.1f}; "
                f"ingest {whole:6.2f} s, ratio {plain / whole:.1f}"
            )


if __name__ == "__main__":
    main()
