"""FHIR claims as lines against json.loads of each line and building the same rows in Python.

    python benchmarks/fhir.py [resources]

Both read the same file of made-up professional claims in one run, turn about; the figure is the ratio. What is measured of claimaudit is the whole ingest: counting and
digest, parsing, mapping, strict casts and the control totals.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from claimaudit.engine import Engine
from claimaudit.ingest import ingest

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
    provider = {"identifier": {"system": NPI, "value": f"1{rng.randint(0, 10**9 - 1):09}"}}
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


def rows(resource: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a claim, built the plain way."""
    diagnoses = [one["diagnosisCodeableConcept"]["coding"][0]["code"] for one in resource.get("diagnosis", [])]
    team = {one["sequence"]: one for one in resource.get("careTeam", [])}
    built = []
    for item in resource.get("item", []):
        amounts = {
            coding["code"]: one.get("amount", {}).get("value")
            for one in item.get("adjudication", [])
            for coding in one["category"]["coding"]
        }
        performing = next(
            (
                team[number]["provider"]["identifier"]["value"]
                for number in item.get("careTeamSequence", [])
                if team[number]["role"]["coding"][0]["code"] == "performing"
            ),
            None,
        )
        built.append(
            (
                resource["identifier"][0]["value"],
                item["sequence"],
                resource["patient"]["reference"].rpartition("/")[2],
                resource["provider"]["identifier"]["value"],
                performing,
                item["locationCodeableConcept"]["coding"][0]["code"],
                item["servicedPeriod"]["start"],
                item["servicedPeriod"]["end"],
                item["productOrService"]["coding"][0]["code"],
                [one["coding"][0]["code"] for one in item.get("modifier", [])],
                item["quantity"]["value"],
                diagnoses,
                item.get("diagnosisSequence"),
                amounts.get("submitted"),
                amounts.get("eligible"),
                amounts.get("benefit"),
            )
        )
    return built


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "eob.ndjson"
        with path.open("w", encoding="utf-8") as out:
            for number in range(count):
                out.write(json.dumps(claim(number, rng), separators=(",", ":")) + "\n")
        print(f"{count:,} resources, {path.stat().st_size / 1e6:,.0f} MB")
        plain, ours = [], []
        for _ in range(3):
            start, used = time.perf_counter(), time.process_time()
            with path.open("rb") as stream:
                lines = sum(len(rows(json.loads(line))) for line in stream)
            plain.append((time.perf_counter() - start, time.process_time() - used))
            with Engine(threads=2) as engine:
                start, used = time.perf_counter(), time.process_time()
                summary = ingest(engine, [path])
                ours.append((time.perf_counter() - start, time.process_time() - used))
            assert summary.lines_read == lines
        for name, place in (("wall", 0), ("processor", 1)):
            a, b = (min(one[place] for one in times) for times in (plain, ours))
            print(f"{name:9} json.loads and rows {a:6.2f} s, ingest {b:6.2f} s, ratio {a / b:.1f}")


if __name__ == "__main__":
    main()
