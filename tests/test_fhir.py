"""FHIR claims: what an item becomes, what is left out, and that damage costs no more than the resource it is in."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claimaudit.engine import Engine
from claimaudit.errors import InputError
from claimaudit.ingest import IngestSummary, ingest, raw_layouts
from claimaudit.readers import fhir
from claimaudit.readers.text import examine

DATA = Path(os.environ.get("CLAIMAUDIT_DATA", Path(__file__).parents[2] / "shared" / "data"))
BB = "https://bluebutton.cms.gov/resources"
NPI = "http://hl7.org/fhir/sid/us-npi"


def coded(*codes: str, system: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code} for code in codes]}


def money(category: str, value: float) -> dict[str, Any]:
    return {"category": coded(category), "amount": {"value": value, "currency": "USD"}}


def member(number: int, npi: str, part: str) -> dict[str, Any]:
    return {"sequence": number, "provider": {"identifier": {"system": NPI, "value": npi}}, "role": coded(part)}


def claim(**changes: Any) -> dict[str, Any]:
    """A professional claim as the CARIN profiles write it."""
    item = {
        "sequence": 1,
        "careTeamSequence": [1, 2],
        "diagnosisSequence": [2, 1],
        "productOrService": coded("97110", system="http://www.ama-assn.org/go/cpt"),
        "modifier": [coded("GP"), coded("KX")],
        "servicedPeriod": {"start": "2025-02-03", "end": "2025-02-03"},
        "locationCodeableConcept": coded("11", system="https://www.cms.gov/place-of-service-codes"),
        "quantity": {"value": 2},
        "adjudication": [money("submitted", 120), money("eligible", 60.5), money("benefit", 48.4)],
    }
    whole = {
        "resourceType": "ExplanationOfBenefit",
        "id": "e1",
        "identifier": [{"system": "urn:payer", "value": "C1"}],
        "status": "active",
        "type": coded("professional"),
        "use": "claim",
        "patient": {"reference": "Patient/P1"},
        "insurer": {"identifier": {"value": "ACME"}, "display": "Acme Health"},
        "provider": {"reference": "#org"},
        "contained": [
            {"resourceType": "Organization", "id": "org", "identifier": [{"system": NPI, "value": "1999400033"}]}
        ],
        "billablePeriod": {"start": "2025-02-03"},
        "careTeam": [member(1, "1999501103", "performing"), member(2, "1999400041", "referring")],
        "supportingInfo": [{"category": coded("clmrecvddate"), "timingDate": "2025-02-10"}],
        "diagnosis": [
            {"sequence": 1, "diagnosisCodeableConcept": coded("M54.50", system="http://hl7.org/fhir/sid/icd-10-cm")},
            {"sequence": 2, "diagnosisCodeableConcept": coded("M25561", system="http://hl7.org/fhir/sid/icd-10-cm")},
        ],
        "insurance": [{"focal": True, "coverage": {"reference": "Coverage/9"}, "preAuthRef": ["A77"]}],
        "payment": {"date": "2025-03-01"},
        "item": [item | changes.pop("item", {})],
    }
    return whole | changes


def write(folder: Path, content: bytes | str, name: str = "x.dat") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def ndjson(*resources: Any) -> str:
    return "".join(json.dumps(resource) + "\n" for resource in resources)


def read(*paths: Path, threads: int = 1) -> tuple[Engine, IngestSummary]:
    engine = Engine(threads=threads)
    return engine, ingest(engine, list(paths))


def read_or_refused(folder: Path) -> None:
    """All files at once, because making the tables takes longer than reading; one by one where one is refused."""
    engine = Engine(threads=1)
    try:
        ingest(engine, [folder])
    except InputError as error:
        assert "\n" not in str(error)
        for path in folder.iterdir():
            try:
                ingest(engine, [path])
            except InputError as error:
                assert "\n" not in str(error)


def staged(engine: Engine, columns: str = "* exclude (file_id)") -> list[tuple]:
    return engine.rows(f"select {columns} from stg.claim_line order by record_number")


def test_an_item_becomes_a_claim_line(tmp_path):
    engine, summary = read(write(tmp_path, ndjson(claim())))
    assert engine.rows(
        """select claim_id, line_number, claim_frequency, patient_id, payer_id, billing_npi, rendering_npi, place_of_service,
          service_date::varchar, service_date_to::varchar, received_date::varchar, processed_date::varchar, procedure_code,
          modifiers_of(modifier_text) as modifiers, units, diagnosis_text, charge_amount, allowed_amount, paid_amount, line_status, prior_authorization,
          problem_mask from stg.claim_line"""
    ) == [
        ("C1", 1, "1", "P1", "ACME", "1999400033", "1999501103", "11")
        + ("2025-02-03", "2025-02-03", "2025-02-10", "2025-03-01", "97110")
        + (["GP", "KX"], Decimal(2), "M54.50\x1fM25561\x1e2:1", Decimal("120.00"), Decimal("60.50"), Decimal("48.40"))
        + ("paid", "A77", 0)
    ]
    assert engine.rows("select payer_id, payer_name, payer_class from stg.payer") == [("ACME", "Acme Health", "other")]
    assert engine.rows("select npi from stg.provider") == [("1999501103",)]
    assert summary.files[0].notes == ()


def test_stu3_and_the_codes_of_the_medicare_services(tmp_path):
    url = f"{BB}/variables/"
    old = claim(
        identifier=[{"system": f"{url}clm_id", "value": "77"}],
        type={"coding": [{"system": f"{url}nch_clm_type_cd", "code": "71"}, {"code": "CARRIER"}]},
        careTeam=[
            member(2, "1999501103", "primary")
            | {
                "qualification": coded("65", system=f"{url}prvdr_spclty"),
                "extension": [{"url": NPI, "valueCoding": {"system": NPI, "code": "1999400033"}}],
            }
        ],
        insurance={"coverage": {"reference": "Coverage/part-b-1"}},
        information=[{"category": coded(f"{url}nch_wkly_proc_dt"), "timingDate": "2025-02-21"}],
        extension=[{"url": f"{url}carr_clm_pmt_dnl_cd", "valueCoding": {"code": "1"}}],
        item={
            "careTeamLinkId": [2],
            "diagnosisLinkId": [1],
            "service": coded("97110", system=f"{BB}/codesystem/hcpcs"),
            "adjudication": [
                money(f"{url}line_sbmtd_chrg_amt", 120),
                money(f"{url}line_alowd_chrg_amt", 60),
                money(f"{url}line_nch_pmt_amt", 0),
                {
                    "category": coded(f"{url}line_prcsg_ind_cd"),
                    "reason": coded("M", system=f"{url}line_prcsg_ind_cd"),
                },
            ],
        },
    )
    for name in ("insurer", "provider", "contained", "supportingInfo", "payment"):
        del old[name]
    for name in ("careTeamSequence", "diagnosisSequence", "productOrService"):
        del old["item"][0][name]
    engine, _ = read(write(tmp_path, ndjson(old)))
    assert engine.rows(
        """select claim_id, payer_id, billing_npi, rendering_npi, procedure_code, diagnosis_text, allowed_amount, line_status,
          processed_date::varchar, problem_mask from stg.claim_line"""
    ) == [
        ("77", "MEDICARE-PART-B", "1999400033", "1999501103", "97110", "M54.50\x1fM25561\x1e1", Decimal("60.00"))
        + ("denied", "2025-02-21", 0)
    ]
    assert engine.rows("select npi, specialty_code from stg.provider") == [("1999501103", "65")]
    assert engine.rows("select payer_class from stg.payer") == [("medicare_b",)]


def test_what_is_no_professional_claim_is_left_out_and_counted(tmp_path):
    resources = [
        claim(),
        claim(type=coded("institutional")),
        claim(type=coded("pharmacy")),
        claim(status="draft"),
        claim(use="preauthorization"),
        {"resourceType": "Patient", "id": "P1"},
        claim() | {"item": []},
    ]
    _, summary = read(write(tmp_path, ndjson(*resources)))
    file = summary.files[0]
    assert (file.records, file.rejected) == (1, 0)
    assert file.notes == (
        "1 left out: Patient resource",
        "1 left out: claim without items",
        "1 left out: draft claim",
        "1 left out: institutional claim",
        "1 left out: pharmacy claim",
        "1 left out: preauthorization claim",
    )


def test_versions_denials_and_foreign_codes(tmp_path):
    carc = "https://x12.org/codes/claim-adjustment-reason-codes"
    snomed = "http://snomed.info/sct"
    resources = [
        claim(status="cancelled"),
        claim(
            identifier=[{"value": "C2"}],
            related=[{"relationship": coded("prior"), "claim": {"reference": "ExplanationOfBenefit/C1"}}],
        ),
        claim(
            item={
                "adjudication": [
                    money("submitted", 120),
                    money("benefit", 0),
                    {"category": coded("denialreason"), "reason": coded("119", system=carc)},
                ]
            }
        ),
        claim(item={"productOrService": coded("229070002", system=snomed)}),
        claim(diagnosis=[{"sequence": 2, "diagnosisCodeableConcept": coded("161891005", system=snomed)}]),
        claim(
            diagnosis=[
                {"sequence": 1, "diagnosisCodeableConcept": coded("V57.1", system="http://hl7.org/fhir/sid/icd-9-cm")}
            ]
        ),
    ]
    engine, summary = read(write(tmp_path, ndjson(*resources)))
    rows = staged(engine, "claim_id, claim_frequency, original_claim_id, line_status, carc_codes")
    assert rows[:3] == [
        ("C1", "8", "C1", "paid", []),
        ("C2", "7", "C1", "paid", []),
        ("C1", "1", None, "denied", ["119"]),
    ]
    assert engine.rows("select record_number, column_name, reason, used from audit.reject order by all") == [
        (4, "item.productOrService", "not-a-procedure-code", None),
        (5, "diagnosis 1", "not-an-icd-10-code", True),
        (6, "diagnosis 1", "not-an-icd-10-code", True),
    ]
    assert (summary.lines_read, summary.lines_rejected) == (6, 1)


def test_one_resource_lines_bundles_and_packed_files_give_the_same_lines(tmp_path):
    resources = [claim(identifier=[{"value": f"C{number}"}], text={"div": 'a "{" \\'}) for number in range(5)]
    bundle = {
        "entry": [{"fullUrl": "u", "resource": one, "search": {"mode": "match"}} for one in resources],
        "link": [{"relation": "self"}],
        "resourceType": "Bundle",
    }
    files = [
        write(tmp_path, ndjson(*resources), "a"),
        write(tmp_path, "\ufeff" + ndjson(*resources).replace("\n", "\r\n\r\n"), "b"),
        write(tmp_path, gzip.compress(ndjson(*resources).encode()), "c"),
        write(tmp_path, json.dumps(bundle), "d"),
        write(tmp_path, json.dumps(bundle, indent=1), "e"),
        write(tmp_path, json.dumps(resources, indent=2), "f"),
        write(tmp_path, "\n".join(json.dumps(one, indent=2) for one in resources), "g"),
    ]
    found = [staged(read(path, threads=2)[0]) for path in files]
    assert len(found[0]) == 5
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize("size", [1, 7, 64])
def test_resources_are_found_wherever_blocks_end(tmp_path, monkeypatch, size):
    bundle = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "X", "a": ['"', {"b": 1}]}}] * 3}
    path = write(tmp_path, json.dumps(bundle) + ' {"resourceType" : "Y"}')
    monkeypatch.setattr(fhir, "_CHUNK", size)
    with path.open("rb") as stream:
        assert [json.loads(piece)["resourceType"] for piece in fhir._objects(stream)] == ["X", "X", "X", "Y"]


def test_the_readable_part_of_a_cut_file_is_read(tmp_path):
    whole = ndjson(claim(), claim())
    engine, summary = read(write(tmp_path, whole[:-40]))
    assert (summary.lines_read, summary.lines_rejected) == (2, 1)
    assert engine.rows("select record_number, column_name, reason from audit.reject") == [(2, None, "not-json")]
    bundle = json.dumps({"resourceType": "Bundle", "entry": [{"resource": claim()}, {"resource": claim()}]})
    for cut in (40, len(json.dumps(claim())) + 2):
        _, summary = read(write(tmp_path, bundle[:-cut]))
        assert (summary.lines_read, summary.lines_rejected) == (2, 1)


def test_records_that_are_no_text_and_deep_ones(tmp_path):
    deep = '{"resourceType":"Claim","x":' + "[" * 200_000 + "]" * 200_000 + "}"
    lines = [
        json.dumps(claim()).encode(),
        b'{"resourceType":"Claim\xff"}',
        b'{"resourceType":"Cl\0aim"}',
        deep.encode(),
        b"[]",
        b"{}",
    ]
    engine, summary = read(write(tmp_path, b"\n".join(lines)))
    assert engine.rows("select record_number, reason from audit.reject order by 1") == [
        (2, "not-utf8"),
        (3, "control-character"),
        (5, "not-json"),
        (6, "not-json"),
    ]
    assert summary.files[0].notes == ("1 left out: untyped claim",)
    assert summary.lines_read == 5


def test_a_resource_that_is_too_long_is_rejected_without_being_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(fhir, "LONGEST", 20_000)
    long = json.dumps(claim(text="x" * 30_000))
    for content in (ndjson(claim()) + long + "\n" + ndjson(claim()), f"[{json.dumps(claim())},{long}]"):
        engine, summary = read(write(tmp_path, content))
        assert engine.rows("select record_number, reason from audit.reject") == [(2, "field-too-long")]
        assert summary.lines_read >= 2
    monkeypatch.setattr(fhir, "_CHUNK", 1 << 12)
    _, summary = read(write(tmp_path, f"[{json.dumps(claim())},{long},{json.dumps(claim())}]"))
    assert (summary.lines_read, summary.lines_rejected) == (2, 1)
    assert summary.files[0].notes == ("What follows resource 2, which is too long, was not read.",)


@pytest.mark.parametrize("size", [40, 3000, 1 << 23])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_lines_are_the_same_wherever_blocks_end(tmp_path, monkeypatch, size, end):
    monkeypatch.setattr(fhir, "_BATCH_BYTES", size)
    lines = [
        json.dumps({"resourceType": "Claim", "id": f"r\u00e9{number}"}, ensure_ascii=False) for number in range(50)
    ]
    lines[7], lines[9], lines[20] = "x", '{"a":\0}', "{}"
    path = write(tmp_path, b"\xef\xbb\xbf" + end.join(lines).encode() + b"\xff")
    source = fhir.Fhir().recognise(examine(path), raw_layouts())
    assert source is not None and source.decoder is not None
    found, bad = {}, {}
    for batch in source.decoder.batches():
        if batch.rows is not None:
            found |= {row["record_number"]: row["resource"].rstrip("\r\n") for row in batch.rows.to_pylist()}
        bad |= {one.number: one.reason for one in batch.unusable}
    assert bad == {10: "control-character", 50: "not-utf8"}
    assert found == {number: line for number, line in enumerate(lines, 1) if number not in bad}
    assert source.decoder.scan().records == 50
    assert source.decoder.scan().digest == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("form", ["lines", "bundle"])
def test_damage_is_refused_in_a_sentence_or_becomes_rejects(tmp_path, form):
    one = {name: claim()[name] for name in ("resourceType", "id", "type", "patient", "item")}
    content = ndjson(one) if form == "lines" else json.dumps({"resourceType": "Bundle", "entry": [{"resource": one}]})
    whole = content.encode()
    rng = random.Random(form)
    damaged = [whole[:cut] for cut in range(1, len(whole), 97)]
    for _ in range(4):
        flipped = bytearray(whole)
        flipped[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        damaged.append(bytes(flipped))
    damaged.append(b'{"resourceType":"Claim"' + rng.randbytes(2000))
    for number, one_file in enumerate([*damaged, ndjson(claim()).encode()]):
        write(tmp_path, one_file, str(number))
    read_or_refused(tmp_path)


@pytest.mark.skipif(not DATA.is_dir(), reason="the files written by others are not here (CLAIMAUDIT_DATA)")
def test_claims_of_the_medicare_services():
    engine, summary = read(DATA / "fhir" / "eob", threads=2)
    assert (summary.lines_read, summary.lines_rejected) == (63, 31)
    assert engine.rows("select column_name, reason, count(*) from audit.reject group by all") == [
        ("item.productOrService", "required-blank", 31)
    ]
    both = engine.rows(
        "select * exclude (file_id, record_number, patient_id, processed_date, ndc) from stg.claim_line where claim_id = '9991831999'"
    )
    assert len(both) == 2
    assert both[0] == both[1]
