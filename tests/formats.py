"""One source of claims in three formats: canonical CSV, 837P with 835, and FHIR ExplanationOfBenefit.

What a source may hold is what all three carry (docs/input.md). `carried` makes such a source of a world: a claim's lines have one header,
adjudicated lines an allowed and a paid amount, a void has the number of the claim that it takes back. Not all formats have the state, the clinic, drug
quantities, pending lines and records that cannot be used. Notes, plans, switches of payers and the like come as canonical files beside the claims.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from claimaudit.ingest import raw_layouts
from tests import worlds
from tests.worlds import Records, Row

Contents = dict[str, str | bytes]

TAXONOMY = {"PT": "225100000X", "OT": "225X00000X", "SLP": "235Z00000X"}
HEADER = (
    "claim_id",
    "claim_frequency",
    "original_claim_id",
    "patient_id",
    "payer_id",
    "billing_npi",
    "received_date",
    "prior_authorization",
    *(f"diagnosis_{place}" for place in range(1, 13)),
)
# the canonical line without what not all formats have
COLUMNS = tuple(
    name
    for name in raw_layouts()["claim_lines"].columns
    if name not in ("state", "clinic_id", "ndc_quantity", "ndc_unit")
)
# claims and what the other formats say of providers and patients; everything else is a canonical file in each drop
OF_CLAIMS = ("claim_lines", "providers", "patients")

DIAGNOSES = (
    ("M54.50",),
    ("M54.50", "M25.561"),
    ("M54.5",),
    ("S93.401A", "M25.571"),
    ("S93.40R",),
    ("M25.511", "M25.512", "M54.2"),
    ("M25.569", "M25.569"),
    ("m545",),
)


def source(seed: int, patients: int = 30) -> Records:
    """A world as all formats carry it, with plans, reports, diagnoses that are wrong, an injection, and claims sent again."""
    return carried(worlds.world(seed, patients), random.Random(f"{seed} formats"))


def carried(records: Records, chance: random.Random) -> Records:
    """The records without what only the canonical layout holds, and with more of what every format does."""
    seen: dict[tuple[str, str], Row] = {}
    lines: list[Row] = []
    for row in records["claim_lines"]:
        if not row["claim_id"] or row["claim_id"].startswith("X") or row["units"].startswith("-"):
            continue
        line = {name: row.get(name, "") for name in COLUMNS}
        if line["claim_frequency"] == "8":
            line |= {"claim_id": line["original_claim_id"]}
        key = (line["claim_id"], line["claim_frequency"])
        if (*key, line["line_number"]) in seen:
            continue  # the same claim once more, with another state of its payment: each format would need two files
        seen[(*key, line["line_number"])] = line
        head = seen.setdefault(key, line)
        lines.append(line | {name: head[name] for name in ("received_date", "processed_date")})
    claims = sorted({line["claim_id"].removesuffix("R") for line in lines})
    coded = {claim: chance.choice((*DIAGNOSES[:2] * 3, *DIAGNOSES)) for claim in claims}
    authorized = {claim for claim in claims if chance.random() < 0.3}
    placed = {claim: chance.choice(("11", "11", "11", "12", "21", "31")) for claim in claims}
    for line in lines:
        claim = line["claim_id"].removesuffix("R")
        line |= {f"diagnosis_{place}": code for place, code in enumerate(coded[claim], start=1)}
        line["diagnosis_pointers"] = ":".join(map(str, range(1, chance.randint(1, len(coded[claim])) + 1)))
        line["prior_authorization"] = f"AUTH{claim}" if claim in authorized else ""
        line["place_of_service"] = placed[claim]
        line["received_date"] = (
            line["received_date"] or (date.fromisoformat(line["service_date"]) + timedelta(9)).isoformat()
        )
    for _, sent in claims_of(lines):
        # an explanation of benefit has one day of payment: a claim is decided as a whole or not at all
        if any(line["line_status"] == "pending" or line["claim_frequency"] == "8" for line in sent):
            for line in sent:
                line["processed_date"] = ""
        for line in sent:
            _adjudicate(line, chance)
    lines += _injections(lines[0], chance)
    lines += _sent_again(lines, chance)
    therapists = {row["npi"]: row for row in records["providers"]}
    providers = [
        {
            "npi": npi,
            "taxonomy_code": TAXONOMY.get(row.get("discipline", ""), "207Q00000X"),
            "active_from": "2026-02-01" if npi == worlds.npi(2) else "2020-01-01",
        }
        for npi, row in therapists.items()
        if row.get("discipline") or row.get("specialty_code")
    ]
    return {
        **{name: rows for name, rows in records.items() if name not in OF_CLAIMS},
        **_papers(lines, chance),
        "visits": [row for row in records["visits"] if row.get("timed_minutes") != "half an hour"],
        "claim_lines": lines,
        "providers": providers,
        "patients": records["patients"],
    }


def _adjudicate(line: Row, chance: random.Random) -> None:
    """What the payer decided, as a remittance says it: adjustments that leave the allowed and the paid amount."""
    blank = dict.fromkeys(
        ("allowed_amount", "paid_amount", "line_status", "carc_codes", "rarc_codes", "processed_date"), ""
    )
    if not line["processed_date"]:
        line |= blank
        return
    charge = Decimal(line["charge_amount"])
    if line["line_status"] == "denied":
        reason = chance.choice(("CO-16", "CO-97", "PR-119"))
        line |= {"allowed_amount": "0.00", "paid_amount": "0.00", "carc_codes": reason}
        line["rarc_codes"] = "N362" if reason == "CO-16" else ""
        return
    allowed = min(charge, charge / 2)
    paid = (allowed * Decimal("0.8")).quantize(Decimal("0.01"))
    line |= {
        "allowed_amount": f"{allowed:.2f}",
        "paid_amount": f"{paid:.2f}",
        "line_status": "paid",
        "carc_codes": "CO-45 PR-2",
    }


def _injections(like: Row, chance: random.Random) -> list[Row]:
    """Chemodenervation with its drug: too many muscles, waste without a word, and again after a month."""
    rows = []
    for claim, day, modifiers, units in (("J1", "2026-02-03", ("",), "155"), ("J2", "2026-03-10", ("JW",), "45")):
        head = like | {
            "claim_id": claim,
            "service_date": day,
            "rendering_npi": worlds.PHYSICIAN,
            "received_date": "2026-04-02",
        }
        head |= {"diagnosis_1": "G43.709", "diagnosis_2": "", "diagnosis_3": "", "diagnosis_pointers": "1"}
        head |= {"claim_frequency": "1", "original_claim_id": "", "processed_date": "2026-04-20", "line_status": "paid"}
        for number, (code, count, charge) in enumerate(
            (("64615", "1", "400.00"), ("J0585", units, "1200.00")), start=1
        ):
            row = head | {"line_number": str(number), "procedure_code": code, "units": count, "charge_amount": charge}
            row |= {f"modifier_{place}": "" for place in range(1, 5)}
            if code == "J0585":
                row |= {"ndc": "00023114501", "modifier_1": modifiers[0]}
            _adjudicate(row, chance)
            rows.append(row)
    return rows


def _sent_again(lines: list[Row], chance: random.Random) -> list[Row]:
    """Denied claims under a new number, and one replaced under its own."""
    more: list[Row] = []
    whole = [
        list(group)
        for _, group in itertools.groupby(lines, key=lambda line: (line["claim_id"], line["claim_frequency"]))
    ]
    denied = [claim for claim in whole if any(line["line_status"] == "denied" for line in claim)][:4]
    for number, claim in enumerate(denied):
        later = (date.fromisoformat(claim[0]["processed_date"]) + timedelta(days=6)).isoformat()
        for line in claim:
            row = line | {
                "claim_id": f"N{number}",
                "received_date": later,
                "line_status": "paid",
                "processed_date": later,
            }
            _adjudicate(row, chance)
            more.append(row)
    plain = [claim for claim in whole if claim[0]["claim_frequency"] in ("", "1") and claim[0]["processed_date"]]
    for claim in plain[5:7]:
        later = (date.fromisoformat(claim[0]["processed_date"]) + timedelta(days=10)).isoformat()
        number = claim[0]["claim_id"]
        more += [
            line | {"claim_frequency": "7", "original_claim_id": number, "received_date": later, "units": "2"}
            for line in claim
        ]
    return more


def _papers(lines: list[Row], chance: random.Random) -> Records:
    """Plans of care and progress reports of some of the patients."""
    first: dict[tuple[str, str], str] = {}
    for line in lines:
        key = (line["patient_id"], line["billing_npi"])
        first[key] = min(first.get(key, "9"), line["service_date"])
    plans, reports = [], []
    for (patient, billing), day in sorted(first.items()):
        if chance.random() < 0.6:
            begun = date.fromisoformat(day)
            plans.append(
                {
                    "patient_id": patient,
                    "discipline": "PT",
                    "billing_npi": billing,
                    "evaluation_date": day,
                    "plan_to": (begun + timedelta(days=60)).isoformat(),
                    "certified_date": (begun + timedelta(days=chance.choice((5, 50)))).isoformat()
                    if chance.random() < 0.7
                    else "",
                }
            )
            reports.append(
                {"patient_id": patient, "discipline": "PT", "report_date": (begun + timedelta(12)).isoformat()}
            )
    return {"plans_of_care": plans, "progress_reports": reports}


# Writing ------------------------------------------------------------------------------------------------------------


def table(rows: Iterable[Row]) -> str:
    """Records as CSV text."""
    rows = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(
        out, list(dict.fromkeys(name for row in rows for name in row)), restval="", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def drop(folder: Path, contents: Contents) -> Path:
    """The files in a folder of their own."""
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def beside(records: Records, *without: str) -> Contents:
    """The canonical files that stand beside claims of another format."""
    return {
        f"{name}.csv": table(rows) for name, rows in records.items() if rows and name not in ("claim_lines", *without)
    }


def as_canonical(records: Records) -> Contents:
    return {"claim_lines.csv": table(records["claim_lines"]), **beside(records)}


def as_x12(records: Records) -> Contents:
    """837P with taxonomies and patients in it, 835, and what neither carries as CSV."""
    return {
        "claims.837": professional(records),
        "payments.835": remittances(records["claim_lines"]),
        **beside(_dates(records), "patients"),
    }


def as_fhir(records: Records) -> Contents:
    """Explanations of benefit with taxonomies in them, and what they do not carry as CSV."""
    return {"claims.ndjson": explanations(records), **beside(_dates(records))}


def _dates(records: Records) -> Records:
    """The list of providers without what claims say of them: when they were active."""
    return records | {"providers": [row | {"taxonomy_code": ""} for row in records["providers"]]}


def claims_of(lines: Iterable[Row]) -> Iterator[tuple[Row, list[Row]]]:
    """Each claim as sent, with its lines; ValueError where the lines of one have two headers."""
    claims: dict[tuple[str, ...], list[Row]] = {}
    for line in lines:
        claims.setdefault(
            (line["claim_id"], line.get("claim_frequency") or "1", line.get("received_date", "")), []
        ).append(line)
    for sent in claims.values():
        head = {name: sent[0].get(name, "") for name in HEADER}
        if any({name: line.get(name, "") for name in HEADER} != head for line in sent):
            raise ValueError("A claim has one header.")
        yield head, sent


def _by(lines: Iterable[Any], key: Any) -> list[tuple[Any, list[Any]]]:
    return [(value, list(group)) for value, group in itertools.groupby(sorted(lines, key=key), key=key)]


def _plain(day: str) -> str:
    return day.replace("-", "")


def _amount(text: str) -> str:
    """As X12 and JSON write numbers: without zeros at the end."""
    return f"{Decimal(text).normalize():f}"


def _modifiers(line: Row) -> list[str]:
    return [text for place in range(1, 5) if (text := line.get(f"modifier_{place}", ""))]


def _diagnoses(line: Row) -> list[str]:
    return [text for place in range(1, 13) if (text := line.get(f"diagnosis_{place}", ""))]


def _envelope(kind: str, guide: str, transactions: Iterable[list[str]]) -> str:
    """An interchange of one group; each transaction is its segments between ST and SE."""
    segments = [
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260701*1200*^*00501*000000001*0*P*:",
        f"GS*{kind}*S*R*20260701*1200*1*X*{guide}",
    ]
    number = 0
    for number, inner in enumerate(transactions, start=1):
        st = "837" if kind == "HC" else "835"
        segments += [f"ST*{st}*{number:04d}*{guide}" if st == "837" else f"ST*{st}*{number:04d}"]
        segments += [*inner, f"SE*{len(inner) + 2}*{number:04d}"]
    segments += [f"GE*{number}*1", "IEA*1*000000001"]
    return "~\n".join(segments) + "~\n"


def professional(records: Records) -> str:
    """The claims as 837P: a transaction for each day on which the payer received claims."""
    people = {row["patient_id"]: row for row in records.get("patients", [])}
    payers = {row["payer_id"]: row for row in records.get("payers", [])}
    taxonomy = {row["npi"]: row.get("taxonomy_code", "") for row in records.get("providers", [])}

    def transaction(received: str, claims: list[tuple[Row, list[Row]]]) -> list[str]:
        segments = [f"BHT*0019*00*1*{_plain(received)}*1200*CH"]
        level = itertools.count(1)
        for billing, own in _by(claims, lambda claim: claim[0]["billing_npi"]):
            above = next(level)
            segments += [f"HL*{above}**20*1"]
            segments += [f"PRV*BI*PXC*{taxonomy[billing]}"] if taxonomy.get(billing) else []
            segments += [f"NM1*85*2*CLINIC*****XX*{billing}"]
            for (patient, payer), theirs in _by(own, lambda claim: (claim[0]["patient_id"], claim[0]["payer_id"])):
                person = people.get(patient, {})
                last, _, first = person.get("patient_name", "").upper().partition(" ")
                segments += [f"HL*{next(level)}*{above}*22*0", "SBR*P*18*******ZZ"]
                segments += [f"NM1*IL*1*{last}*{first}****MI*{patient}"]
                segments += [f"DMG*D8*{_plain(person['birth_date'])}*U"] if person.get("birth_date") else []
                segments += [f"NM1*PR*2*{payers.get(payer, {}).get('payer_name', payer)}*****PI*{payer}"]
                for head, lines in theirs:
                    segments += claim(head, lines)
        return segments

    def claim(head: Row, lines: list[Row]) -> list[str]:
        total = _amount(str(sum(Decimal(line["charge_amount"]) for line in lines)))
        place = lines[0]["place_of_service"]
        segments = [f"CLM*{head['claim_id']}*{total}***{place}:B:{head['claim_frequency'] or '1'}*Y*A*Y*Y"]
        segments += [f"REF*G1*{head['prior_authorization']}"] if head["prior_authorization"] else []
        segments += [f"REF*F8*{head['original_claim_id']}"] if head["original_claim_id"] else []
        codes = [code.replace(".", "").upper() for code in _diagnoses(lines[0])]
        composites = "*".join(f"{'ABF' if place else 'ABK'}:{code}" for place, code in enumerate(codes))
        segments += [f"HI*{composites}"] if codes else []
        segments += _rendering(lines[0]["rendering_npi"])
        for line in lines:
            procedure = ":".join(["HC", line["procedure_code"], *_modifiers(line)])
            where = line["place_of_service"] if line["place_of_service"] != place else ""
            segments += [
                f"LX*{line['line_number']}",
                f"SV1*{procedure}*{_amount(line['charge_amount'])}*UN*{_amount(line['units'])}*{where}**{line['diagnosis_pointers']}",
            ]
            until = line.get("service_date_to")
            day = _plain(line["service_date"])
            segments += [f"DTP*472*RD8*{day}-{_plain(until)}" if until else f"DTP*472*D8*{day}"]
            segments += [f"LIN**N4*{line['ndc']}"] if line.get("ndc") else []
            segments += _rendering(line["rendering_npi"]) if line["rendering_npi"] != lines[0]["rendering_npi"] else []
        return segments

    def _rendering(npi: str) -> list[str]:
        named = [f"NM1*82*1*THERAPIST*****XX*{npi}"]
        return [*named, f"PRV*PE*PXC*{taxonomy[npi]}"] if taxonomy.get(npi) else named

    days = _by(claims_of(records["claim_lines"]), lambda claim: claim[0]["received_date"])
    return _envelope("HC", "005010X222A1", (transaction(day, claims) for day, claims in days))


def remittances(lines: Iterable[Row], *, reversed_on: str = "") -> str:
    """What the payers decided as 835: a payment for each payer, billing NPI and day; with `reversed_on` all of it is taken back that day."""
    decided = [line for line in lines if line.get("processed_date") and line.get("paid_amount")]

    def payment(payer: str, billing: str, day: str, own: list[Row]) -> list[str]:
        sign = -1 if reversed_on else 1
        inner: list[str] = []
        total = Decimal(0)
        for head, claim in claims_of(own):
            charge, paid = (
                sum(Decimal(line[name]) for line in claim) * sign for name in ("charge_amount", "paid_amount")
            )
            total += paid
            status = "22" if reversed_on else "4" if all(line["line_status"] == "denied" for line in claim) else "1"
            inner += [
                f"CLP*{head['claim_id']}*{status}*{_amount(str(charge))}*{_amount(str(paid))}**MB*ICN{head['claim_id']}"
            ]
            inner += [f"NM1*QC*1*PATIENT*****MI*{head['patient_id']}"]
            for line in claim:
                inner += _service(line, sign)
        return [
            f"BPR*{'I' if total >= 0 else 'H'}*{_amount(str(total))}*C*CHK************{_plain(day)}",
            f"TRN*1*T{payer}{billing[-3:]}{_plain(day)}*1",
            f"N1*PR*{payer}*XV*{payer}",
            f"N1*PE*CLINIC*XX*{billing}",
            "LX*1",
            *inner,
        ]

    groups = _by(decided, lambda line: (line["payer_id"], line["billing_npi"], reversed_on or line["processed_date"]))
    return _envelope("HP", "005010X221A1", (payment(*key, own) for key, own in groups))


def _service(line: Row, sign: int) -> list[str]:
    charge, allowed, paid = (Decimal(line[name]) * sign for name in ("charge_amount", "allowed_amount", "paid_amount"))
    procedure = ":".join(["HC", line["procedure_code"], *_modifiers(line)])
    segments = [
        f"SVC*{procedure}*{_amount(str(charge))}*{_amount(str(paid))}**{_amount(line['units'])}",
        f"DTM*472*{_plain(line['service_date'])}",
    ]
    for code in line["carc_codes"].split():
        group, reason = code.split("-")
        taken = charge - allowed if reason == "45" else allowed - paid if reason == "2" else charge
        segments.append(f"CAS*{group}*{reason}*{_amount(str(taken))}")
    segments.append(f"REF*6R*{line['line_number']}")
    segments += [f"LQ*HE*{code}" for code in line["rarc_codes"].split()]
    return segments


US_NPI = "http://hl7.org/fhir/sid/us-npi"
CARC = "https://x12.org/codes/claim-adjustment-reason-codes"
RARC = "https://x12.org/codes/remittance-advice-remark-codes"


def explanations(records: Records, *, carrier: bool = False) -> str:
    """The claims as ExplanationOfBenefit, one resource a line; `carrier` names the type as the Medicare services do."""
    taxonomy = {row["npi"]: row.get("taxonomy_code", "") for row in records.get("providers", [])}
    kind = ("CARRIER" if carrier else "professional",)
    return "".join(
        json.dumps(_explanation(head, lines, taxonomy, kind)) + "\n"
        for head, lines in claims_of(records["claim_lines"])
    )


def _coded(*codes: str, system: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code} for code in codes]}


def _explanation(head: Row, lines: list[Row], taxonomy: dict[str, str], kind: tuple[str, ...]) -> dict[str, Any]:
    staff = list(dict.fromkeys(line["rendering_npi"] for line in lines))
    whole: dict[str, Any] = {
        "resourceType": "ExplanationOfBenefit",
        "id": f"{head['claim_id']}-{head['claim_frequency'] or '1'}",
        "identifier": [{"system": "urn:practice", "value": head["claim_id"]}],
        "status": "cancelled" if head["claim_frequency"] == "8" else "active",
        "type": _coded(*kind),
        "use": "claim",
        "patient": {"reference": f"Patient/{head['patient_id']}"},
        "insurer": {"identifier": {"value": head["payer_id"]}},
        "provider": {"identifier": {"system": US_NPI, "value": head["billing_npi"]}},
        "billablePeriod": {"start": min(line["service_date"] for line in lines)},
        "careTeam": [
            {
                "sequence": number,
                "provider": {"identifier": {"system": US_NPI, "value": npi}},
                "role": _coded("performing"),
                **(
                    {"qualification": _coded(taxonomy[npi], system="http://nucc.org/provider-taxonomy")}
                    if taxonomy.get(npi)
                    else {}
                ),
            }
            for number, npi in enumerate(staff, start=1)
        ],
        "supportingInfo": [{"sequence": 1, "category": _coded("clmrecvddate"), "timingDate": head["received_date"]}],
        "diagnosis": [
            {"sequence": place, "diagnosisCodeableConcept": _coded(code, system="http://hl7.org/fhir/sid/icd-10-cm")}
            for place, code in enumerate(_diagnoses(lines[0]), start=1)
        ],
        "insurance": [
            {"focal": True, **({"preAuthRef": [head["prior_authorization"]]} if head["prior_authorization"] else {})}
        ],
        "item": [_item(line, staff.index(line["rendering_npi"]) + 1) for line in lines],
    }
    if head["claim_frequency"] == "7":
        whole["related"] = [{"relationship": _coded("prior"), "reference": {"value": head["original_claim_id"]}}]
    if lines[0].get("processed_date"):
        whole["payment"] = {"date": lines[0]["processed_date"]}
    return whole


def _item(line: Row, member: int) -> dict[str, Any]:
    def money(category: str, amount: str) -> dict[str, Any]:
        return {"category": _coded(category), "amount": {"value": float(amount), "currency": "USD"}}

    service = _coded(line["procedure_code"], system="http://www.ama-assn.org/go/cpt")
    if line.get("ndc"):
        service["extension"] = [{"url": "http://hl7.org/fhir/sid/ndc", "valueCoding": {"code": line["ndc"]}}]
    found = [money("submitted", line["charge_amount"])]
    if line["paid_amount"]:
        found += [money("eligible", line["allowed_amount"]), money("benefit", line["paid_amount"])]
    found += [
        {"category": _coded("adjustment"), "reason": _coded(code.split("-")[1], system=CARC)}
        for code in line["carc_codes"].split()
    ]
    found += [
        {"category": _coded("remark"), "reason": _coded(code, system=RARC)} for code in line["rarc_codes"].split()
    ]
    return {
        "sequence": int(line["line_number"]),
        "careTeamSequence": [member],
        "diagnosisSequence": [int(pointer) for pointer in line["diagnosis_pointers"].split(":") if pointer],
        "productOrService": service,
        "modifier": [_coded(modifier) for modifier in _modifiers(line)],
        "servicedPeriod": {"start": line["service_date"], "end": line.get("service_date_to") or line["service_date"]},
        "locationCodeableConcept": _coded(
            line["place_of_service"], system="https://www.cms.gov/place-of-service-codes"
        ),
        "quantity": {"value": float(line["units"])},
        "adjudication": found,
    }
