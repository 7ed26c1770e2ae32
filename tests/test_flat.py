"""Formats that are tables of text but not the canonical layout: what becomes a claim line, what is left out, what is rejected."""

from __future__ import annotations

import csv
import io
import os
import random
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from claimaudit import catalog
from claimaudit.engine import Engine
from claimaudit.errors import InputError
from claimaudit.ingest import IngestSummary, ingest
from claimaudit.readers import flat

DATA = Path(os.environ.get("CLAIMAUDIT_DATA", Path(__file__).parents[2] / "shared" / "data"))
outside = pytest.mark.skipif(not DATA.is_dir(), reason="the files written by others are not here (CLAIMAUDIT_DATA)")


def write(path: Path, rows: list[dict[str, str]], delimiter: str = ",") -> Path:
    buffer = io.StringIO(newline="")
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(buffer, names, restval="", lineterminator="\n", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(buffer.getvalue(), "utf-8")
    return path


def read(*paths: Path, threads: int = 1) -> tuple[Engine, IngestSummary]:
    engine = Engine(threads=threads)
    return engine, ingest(engine, list(paths))


def lines(engine: Engine, columns: str = "claim_id, line_number, procedure_code") -> list[tuple]:
    return engine.rows(
        f"select {columns} from stg.claim_line where problem_mask = 0 order by claim_id, line_number, processed_date"
    )


def rejects(engine: Engine) -> list[tuple]:
    return engine.rows(
        "select record_number, column_name, reason from audit.reject order by file_id, record_number, column_name, reason"
    )


TUVA = {
    "claim_id": "T1",
    "claim_line_number": "1",
    "claim_type": "professional",
    "person_id": "P1",
    "payer": "acme",
    "claim_start_date": "2025-02-03",
    "claim_end_date": "2025-02-03",
    "claim_line_start_date": "",
    "place_of_service_code": "11",
    "service_unit_quantity": "2",
    "hcpcs_code": "97110",
    "hcpcs_modifier_1": "GP",
    "hcpcs_modifier_5": "KX",
    "rendering_npi": "1999501103",
    "billing_npi": "",
    "paid_date": "2025-03-01",
    "paid_amount": "48.00",
    "allowed_amount": "60.00",
    "charge_amount": "120.00",
    "diagnosis_code_type": "icd-10-cm",
    "diagnosis_code_1": "M5450",
}


def test_tuva_professional_lines(tmp_path):
    rows = [
        TUVA,
        TUVA | {"claim_id": "T2", "claim_type": "institutional", "bill_type_code": "131"},
        TUVA | {"claim_id": "T3", "claim_type": "", "claim_line_start_date": "2025-02-04"},
        TUVA | {"claim_id": "T4", "claim_type": "undetermined", "revenue_center_code": "0420"},
        TUVA | {"claim_id": "T5", "hcpcs_code": "410620009"},
        TUVA | {"claim_id": "T6", "service_unit_quantity": ""},
        TUVA | {"claim_id": "T7", "claim_type": "dental"},
    ]
    people = {"member_id": "M1", "payer_type": "commercial", "enrollment_start_date": "2025-01-01"}
    spans = [people | {"person_id": "P1", "birth_date": "1950-01-02"} for _ in range(2)]
    engine, summary = read(write(tmp_path / "a.csv", rows), write(tmp_path / "b.csv", spans))
    columns = (
        "claim_id, patient_id, payer_id, billing_npi, rendering_npi, service_date::varchar, service_date_to::varchar"
    )
    assert lines(engine, columns) == [
        ("T1", "P1", "acme", "1999501103", "1999501103", "2025-02-03", "2025-02-03"),
        ("T3", "P1", "acme", "1999501103", "1999501103", "2025-02-04", None),
    ]
    assert lines(engine, "modifiers_of(modifier_text) as modifiers, units, diagnosis_text, allowed_amount")[0] == (
        ["GP", "KX"],
        Decimal(2),
        "M5450",
        Decimal("60.00"),
    )
    assert rejects(engine) == [
        (5, "hcpcs_code", "not-a-procedure-code"),
        (6, "service_unit_quantity", "required-blank"),
    ]
    claims, eligibility = sorted(summary.files, key=lambda file: str(file.record_type))
    assert (claims.records, claims.rejected, claims.notes) == (
        4,
        2,
        ("1 left out: dental claim", "2 left out: institutional claim"),
    )
    assert (eligibility.records, eligibility.notes) == (1, ("1 left out: further enrollment span of a person",))


def test_a_table_is_known_in_other_capitals_with_other_separators_and_as_parquet(tmp_path):
    upper = {name.upper(): value for name, value in TUVA.items()}
    paths = [write(tmp_path / f"{number}.dat", [upper], sign) for number, sign in enumerate(",|\t;")]
    parquet = tmp_path / "p"
    pq.write_table(pa.table({name: [value or None] for name, value in upper.items()}), parquet)
    found = [lines(read(path)[0], "* exclude (file_id)") for path in [*paths, parquet]]
    assert len(found[0]) == 1
    assert all(one == found[0] for one in found)


def test_diagnoses_that_are_no_icd_10_codes_are_listed_and_their_line_is_used(tmp_path):
    rows = [
        TUVA | {"claim_id": "T1", "diagnosis_code_2": "195662009", "diagnosis_code_3": "m25.561"},
        TUVA | {"claim_id": "T2", "diagnosis_code_type": "icd-9-cm", "diagnosis_code_1": "V571"},
        TUVA | {"claim_id": "T3", "diagnosis_code_1": "7242"},
        TUVA | {"claim_id": "T4", "claim_start_date": "2015-09-30", "diagnosis_code_1": "7242"},
        TUVA | {"claim_id": "T5", "diagnosis_code_type": "icd-10-pcs", "diagnosis_code_1": "R310"},
    ]
    engine, summary = read(write(tmp_path / "a.csv", rows))
    assert rejects(engine) == [
        (1, "diagnosis_code_2", "not-an-icd-10-code"),
        (2, "diagnosis_code_1", "not-an-icd-10-code"),
        (3, "diagnosis_code_1", "not-an-icd-10-code"),
    ]
    assert (summary.lines_read, summary.lines_rejected) == (5, 0)
    assert engine.value("select bool_and(used) from audit.reject")
    # what is listed is judged by nothing
    engine.execute("create schema core")
    for name in ("core.source_file", "core.diagnosis_set", "core.diagnosis"):
        engine.build(catalog.tables()[name])
    assert engine.rows("select code from core.diagnosis order by code") == [
        ("7242",),
        ("M25561",),
        ("M5450",),
        ("R310",),
    ]
    assert engine.value("select count(*) from core.diagnosis_set where foreign_codes") == 3


CCLF = {
    "CUR_CLM_UNIQ_ID": "1",
    "CLM_LINE_NUM": "1",
    "BENE_MBI_ID": "B1",
    "CLM_TYPE_CD": "71",
    "CLM_PRVDR_SPCLTY_CD": "65",
    "CLM_POS_CD": "11",
    "CLM_LINE_FROM_DT": "2025-02-03",
    "CLM_LINE_THRU_DT": "20250203",
    "CLM_LINE_HCPCS_CD": "97110",
    "CLM_LINE_CVRD_PD_AMT": "48.00",
    "CLM_LINE_DGNS_CD": "M25561",
    "RNDRG_PRVDR_NPI_NUM": "1999501103",
    "CLM_CARR_PMT_DNL_CD": "1",
    "CLM_PRCSG_IND_CD": "A",
    "CLM_ADJSMT_TYPE_CD": "0",
    "CLM_EFCTV_DT": "2025-03-01",
    "CLM_CNTL_NUM": "K1",
    "CLM_LINE_ALOWD_CHRG_AMT": "60.00",
    "CLM_LINE_SRVC_UNIT_QTY": "2.0000",
    "HCPCS_1_MDFR_CD": "GP",
    "HCPCS_2_MDFR_CD": "~",
    "DGNS_PRCDR_ICD_IND": "0",
    "CLM_DGNS_1_CD": "M5450",
    "CLM_DGNS_2_CD": "M25561",
    "CLM_DGNS_3_CD": "~",
}


def test_cclf_versions_share_the_control_number(tmp_path):
    rows = [
        CCLF,
        CCLF | {"CUR_CLM_UNIQ_ID": "2", "CLM_ADJSMT_TYPE_CD": "1", "CLM_EFCTV_DT": "2025-04-01"},
        CCLF | {"CUR_CLM_UNIQ_ID": "3", "CLM_ADJSMT_TYPE_CD": "2", "CLM_EFCTV_DT": "2025-04-01"},
        CCLF | {"CUR_CLM_UNIQ_ID": "4", "CLM_CNTL_NUM": "K2", "CLM_ADJSMT_TYPE_CD": "1"},
        CCLF | {"CUR_CLM_UNIQ_ID": "5", "CLM_CNTL_NUM": "~", "CLM_PRCSG_IND_CD": "M"},
        CCLF | {"CUR_CLM_UNIQ_ID": "6", "CLM_CNTL_NUM": "K6", "CLM_TYPE_CD": "82"},
    ]
    engine, summary = read(write(tmp_path / "a.csv", rows))
    assert lines(engine, "claim_id, claim_frequency, original_claim_id, line_status, processed_date::varchar") == [
        ("5", "1", None, "denied", "2025-03-01"),
        ("K1", "1", None, "paid", "2025-03-01"),
        ("K1", "7", "K1", "paid", "2025-04-01"),
        ("K2", "8", "K2", "paid", "2025-03-01"),
    ]
    assert lines(
        engine, "modifiers_of(modifier_text) as modifiers, diagnosis_text, service_date_to::varchar, patient_id"
    )[0] == (
        ["GP"],
        "M5450\x1fM25561\x1e2",
        "2025-02-03",
        "B1",
    )
    assert summary.files[0].notes == (
        "1 left out: cancellation of a claim that was then adjusted",
        "1 left out: not a physician claim",
    )
    assert engine.rows("select npi, specialty_code from stg.provider") == [("1999501103", "65")]


def test_cclf_as_it_is_sent_has_no_header(tmp_path):
    row = CCLF | {"CLM_LINE_THRU_DT": "2025-02-03", "BENE_MBI_ID": "1A00A00AA00", "CLM_CNTL_NUM": "K1"}
    rows = [row, row | {"CUR_CLM_UNIQ_ID": "2", "CLM_CNTL_NUM": "K2", "CLM_LINE_HCPCS_CD": "97140"}]
    dated = {"": "2025-02-03"}
    fixed = [
        "".join((one | dated).get(name, "").ljust(width)[:width] for name, width in flat._CCLF_FIXED) + " " * 15
        for one in rows
    ]
    plain = tmp_path / "P.A0001.ACO.ZC5Y25.D250401.T1"
    plain.write_text("\n".join(fixed) + "\n", "utf-8")
    damaged = tmp_path / "damaged"
    damaged.write_bytes("\n".join([*fixed, fixed[0]]).encode()[:-20] + b"\xff")
    engine, summary = read(plain)
    with_header = read(write(tmp_path / "h.csv", rows))[0]
    assert lines(engine, "* exclude (file_id)") == lines(with_header, "* exclude (file_id)")
    assert (summary.files[0].format, summary.lines_read) == ("cclf-part-b", 2)
    engine, summary = read(damaged)
    assert (summary.lines_read, summary.lines_rejected) == (3, 1)
    assert engine.rows("select record_number, reason from audit.reject") == [(3, "not-utf8")]


def test_synpuf_claims_hold_up_to_thirteen_lines(tmp_path):
    claim = {"DESYNPUF_ID": "P1", "CLM_ID": "8", "CLM_FROM_DT": "20080229", "CLM_THRU_DT": "20080301"}
    claim |= {"ICD9_DGNS_CD_1": "36632", "ICD9_DGNS_CD_2": "V571"}
    for number in range(1, 14):
        claim |= {f"PRF_PHYSN_NPI_{number}": "", f"HCPCS_CD_{number}": "", f"LINE_ICD9_DGNS_CD_{number}": ""}
    full = claim | {f"HCPCS_CD_{number}": f"9711{number % 10}" for number in range(1, 14)}
    some = claim | {"CLM_ID": "9", "HCPCS_CD_1": "97110", "HCPCS_CD_13": "97140", "LINE_ICD9_DGNS_CD_13": "V571"}
    engine, summary = read(write(tmp_path / "a.csv", [full, some, claim]))
    file = summary.files[0]
    assert (file.records, file.rejected, file.notes) == (15, 15, ("1 left out: claim without a line",))
    assert engine.rows(
        """select record_number, claim_id, line_number, service_date::varchar, procedure_code, diagnosis_text from stg.claim_line
        where claim_id = '9' order by 1"""
    ) == [
        (14, "9", 1, "2008-02-29", "97110", "\x1f".join(["36632", "V571"])),
        (26, "9", 13, "2008-02-29", "97140", "\x1f".join(["36632", "V571"]) + "\x1e2"),
    ]
    # the layout has no units, and a performing provider is missing too
    assert rejects(engine)[-4:] == [
        (2, "PRF_PHYSN_NPI", "required-blank"),
        (2, "PRF_PHYSN_NPI", "required-blank"),
        (2, "units", "required-blank"),
        (2, "units", "required-blank"),
    ]


SYNTHEA = {
    "ID": "x",
    "CLAIMID": "c1",
    "CHARGEID": "1",
    "PATIENTID": "p1",
    "TYPE": "CHARGE",
    "AMOUNT": "85.55",
    "FROMDATE": "2014-05-06T08:34:30Z",
    "TODATE": "2014-05-06T08:49:30Z",
    "PROCEDURECODE": "185345009",
    "MODIFIER1": "",
    "DIAGNOSISREF1": "1",
    "DIAGNOSISREF2": "2",
    "UNITS": "1",
    "PROVIDERID": "d1",
}


def test_synthea_lines_take_payer_and_diagnoses_from_their_claims(tmp_path):
    claims = [
        {"Id": "c1", "PRIMARYPATIENTINSURANCEID": "y1", "DIAGNOSIS1": "195662009", "HEALTHCARECLAIMTYPEID1": "1"},
        {"Id": "c2", "PRIMARYPATIENTINSURANCEID": "y1", "DIAGNOSIS1": "195662009", "HEALTHCARECLAIMTYPEID1": "2"},
    ]
    charges = [
        SYNTHEA,
        SYNTHEA | {"TYPE": "PAYMENT", "CHARGEID": "2"},
        SYNTHEA | {"CLAIMID": "c2"},
        SYNTHEA | {"CLAIMID": "c3", "PROCEDURECODE": "97110"},
    ]
    first = write(tmp_path / "claims_transactions.csv", charges), write(tmp_path / "claims.csv", claims)
    results = []
    for paths in (first, tuple(reversed(first))):
        engine, summary = read(*paths)
        results.append(engine.rows("select * from stg.claim_line order by record_number"))
        assert summary.files[0].notes == ("1 left out: institutional claim", "1 left out: payment transaction")
        assert [(file.status, file.records) for file in summary.files] == [("read", 2), ("read", 2)]
    assert results[0] == results[1]
    assert engine.rows(
        "select claim_id, payer_id, service_date::varchar, diagnosis_text from stg.claim_line order by 1"
    ) == [
        ("c1", "y1", "2014-05-06", "195662009\x1e1:2"),
        ("c3", None, "2014-05-06", "\x1e1:2"),
    ]
    assert rejects(engine) == [
        (1, "PROCEDURECODE", "not-a-procedure-code"),
        (1, "PROVIDERID", "required-blank"),
        (4, "PRIMARYPATIENTINSURANCEID", "required-blank"),
        (4, "PROVIDERID", "required-blank"),
    ]


def idr_drop(folder: Path) -> list[Path]:
    key = {"GEO_BENE_SK": "1", "CLM_DT_SGNTR_SK": "7", "CLM_TYPE_CD": "71", "CLM_NUM_SK": "1"}
    line = key | {
        "CLM_UNIQ_ID": "900",
        "CLM_LINE_NUM": "1",
        "CLM_LINE_FROM_DT": "2025-02-03",
        "CLM_LINE_HCPCS_CD": "97110",
        "HCPCS_1_MDFR_CD": "GP",
        "HCPCS_2_MDFR_CD": "~",
        "CLM_LINE_SRVC_UNIT_QTY": "2.0",
        "CLM_RNDRG_PRVDR_NPI_NUM": "1999501103.0",
        "CLM_LINE_DGNS_CD": "M25561",
        "CLM_LINE_CVRD_PD_AMT": "48.00",
    }
    claim = key | {"BENE_SK": "44", "CLM_FINL_ACTN_IND": "Y", "CLM_BLG_PRVDR_NPI_NUM": "1999400033.0"}
    dx = key | {"CLM_PROD_TYPE_CD": "D", "CLM_DGNS_PRCDR_ICD_IND": "0"}
    other = {"CLM_DT_SGNTR_SK": "8"}
    return [
        write(
            folder / "line.csv",
            [
                line,
                line | {"CLM_TYPE_CD": "40"},
                line | other | {"CLM_UNIQ_ID": "901"},
                line | {"CLM_NUM_SK": "5", "CLM_UNIQ_ID": "902"},
            ],
        ),
        write(folder / "clm.csv", [claim, claim | other | {"CLM_FINL_ACTN_IND": "N"}]),
        write(folder / "prfnl.csv", [key | {"CLM_CARR_PMT_DNL_CD": "1"}]),
        write(folder / "line_prfnl.csv", [key | {"CLM_LINE_NUM": "1", "CLM_PRCSG_IND_CD": "A"}]),
        write(
            folder / "prod.csv",
            [
                dx | {"CLM_DGNS_CD": "M25561", "CLM_VAL_SQNC_NUM": "2"},
                dx | {"CLM_DGNS_CD": "M5450", "CLM_VAL_SQNC_NUM": "1"},
                dx | {"CLM_DGNS_CD": "Z99", "CLM_VAL_SQNC_NUM": "1", "CLM_PROD_TYPE_CD": "P"},
            ],
        ),
        write(
            folder / "dates.csv",
            [{"CLM_DT_SGNTR_SK": "7", "CLM_SUBMSN_DT": "2025-02-10", "CLM_CMS_PROC_DT": "2025-02-20"}],
        ),
    ]


def test_idr_tables_of_one_drop_are_joined_by_their_keys(tmp_path):
    paths = idr_drop(tmp_path)
    engine, summary = read(*paths)
    columns = "claim_id, patient_id, billing_npi, rendering_npi, modifiers_of(modifier_text) as modifiers, line_status, processed_date::varchar, diagnosis_text"
    expected = [("900", "44", "1999400033", "1999501103", ["GP"], "paid", "2025-02-20", "M5450\x1fM25561\x1e2")]
    assert lines(engine, columns) == expected
    assert rejects(engine) == [(4, "BENE_SK", "required-blank")]
    assert next(file.notes for file in summary.files if file.record_type) == (
        "1 left out: not a carrier claim",
        "1 left out: version that is not the final action",
    )
    random.Random(4).shuffle(paths)
    assert lines(read(*paths, threads=2)[0], columns) == expected


def test_tables_that_only_explain_others_are_no_claims(tmp_path):
    with pytest.raises(InputError, match="The input holds no claim lines"):
        read(*idr_drop(tmp_path)[1:])


ROWS = {
    "tuva": [TUVA | {"diagnosis_code_2": "195662009"}],
    "cclf": [CCLF],
    "synthea": [SYNTHEA, SYNTHEA | {"CHARGEID": "2"}],
}


@pytest.mark.parametrize("name", ROWS)
def test_damage_is_refused_in_a_sentence_or_becomes_rejects(tmp_path, name):
    content = write(tmp_path / "whole.csv", ROWS[name]).read_bytes()
    rng = random.Random(name)
    damaged = [content[:cut] for cut in range(1, len(content), 97)]
    for _ in range(4):
        flipped = bytearray(content)
        flipped[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        damaged.append(bytes(flipped))
    damaged.append(rng.randbytes(2000))
    engine = Engine(threads=1)
    path = tmp_path / "damaged.csv"
    for one in damaged:
        path.write_bytes(one)
        try:
            summary = ingest(engine, [path])
            assert summary.lines_read == sum(file.records for file in summary.files)
        except InputError as error:
            assert "\n" not in str(error)


@outside
def test_tables_written_by_others():
    engine, summary = read(DATA / "tuva" / "medical_claim_seed_even.csv", DATA / "tuva" / "eligibility_seed.csv")
    assert (summary.lines_read, summary.lines_rejected) == (745, 64)
    assert engine.rows("select column_name, reason, count(*) from audit.reject group by all") == [
        ("service_unit_quantity", "required-blank", 64)
    ]
    engine, summary = read(DATA / "synthea" / "csv")
    assert (summary.lines_read, summary.lines_rejected) == (767, 767)
    assert engine.value("select count(*) from audit.reject where reason = 'not-a-procedure-code'") == 767
    assert engine.value("select count(*) from stg.claim_line where payer_id is null") == 0
    engine, summary = read(DATA / "rif" / "synpuf")
    assert (summary.lines_read, summary.lines_rejected) == (4, 4)
    engine, summary = read(DATA / "rif" / "idr")
    assert (summary.lines_read, summary.lines_rejected) == (134, 0)
    with pytest.raises(InputError, match="The input holds no claim lines"):
        read(DATA / "tuva" / "cclf")
