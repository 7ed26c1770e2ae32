"""Claims as tables of text that are not in the canonical layout: research files, feeds to care organisations, data models, synthetic exports.

Each kind of file is a row of `FORMATS`: by which columns it is known, its declared layout, and the mapping SELECTs over it. A format of several
kinds of files has several rows of one name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from . import Layout, Source
from .canonical import check_header
from .text import Head, header_names

_DELIMITERS = (",", "|", "\t", ";")


@dataclass(frozen=True)
class Flat:
    """One such format; see `Source` for what it says about its files.

    A file is of the format when its header names all of `marks`, in capitals or not, separated by any of the usual
    characters; a Parquet file of the same columns is read as well.
    """

    name: str
    layout: str
    marks: frozenset[str]
    views: Mapping[str, str] = field(default_factory=dict)
    source_columns: Mapping[str, str] = field(default_factory=dict)
    joins: tuple[str, ...] = ()
    left: str = ""
    lines: int = 1
    joined: bool = False

    def recognise(self, head: Head, layouts: Mapping[str, Layout]) -> Source | None:
        """See `Reader.recognise`."""
        if head.form not in ("csv", "parquet") or head.encoding != "utf-8":
            return None
        found = self._header(head, layouts[self.layout])
        if found is None:
            return None
        header, delimiter = found
        layout = layouts[self.layout]
        check_header(head.name, header, layout)
        return self.source(head, layout, header, delimiter)

    def source(self, head: Head, layout: Layout, header: tuple[str, ...], delimiter: str) -> Source:
        """A file of the format with this header."""
        return Source(
            self.name,
            head,
            layout,
            header,
            {record: f"raw.{view}" for record, view in self.views.items()},
            delimiter=delimiter,
            # files with bars between the values have no quotation marks around them
            quote="" if delimiter == "|" else '"',
            source_columns={next(iter(self.views), ""): self.source_columns},
            joins=self.joins,
            joined=self.joined,
            left=f"raw.{self.left}" if self.left else "",
            lines=self.lines,
        )

    def _header(self, head: Head, layout: Layout) -> tuple[tuple[str, ...], str] | None:
        """The column names as the layout writes them, and what separates them."""
        declared = {name.lower(): name for name in layout.columns}
        rows = (
            [(head.columns, "")]
            if head.form == "parquet"
            else [
                (header_names(head.line, sign, quoted=sign != "|"), sign) for sign in _DELIMITERS if sign in head.line
            ]
        )
        for names, delimiter in rows:
            header = tuple(declared.get(name.lower(), name) for name in names)
            if self.marks.issubset(header):
                return header, delimiter
        return None


_RIF = {
    "claim_id": "CLM_ID",
    "line_number": "LINE_NUM",
    "claim_frequency": "DML_IND",
    "patient_id": "BENE_ID",
    "billing_npi": "ORG_NPI_NUM",
    "service_date": "LINE_1ST_EXPNS_DT",
    "service_date_to": "LINE_LAST_EXPNS_DT",
    "processed_date": "NCH_WKLY_PROC_DT",
    "procedure_code": "HCPCS_CD",
    "units": "LINE_SRVC_CNT",
    "charge_amount": "LINE_SBMTD_CHRG_AMT",
    "allowed_amount": "LINE_ALOWD_CHRG_AMT",
    "paid_amount": "LINE_NCH_PMT_AMT",
}
_TUVA = {
    "line_number": "claim_line_number",
    "patient_id": "person_id",
    "payer_id": "payer",
    "service_date": "claim_line_start_date",
    "service_date_to": "claim_line_end_date",
    "processed_date": "paid_date",
    "procedure_code": "hcpcs_code",
    "units": "service_unit_quantity",
} | {f"diagnosis_{number}": f"diagnosis_code_{number}" for number in range(1, 13)}
_CCLF = {
    "claim_id": "CUR_CLM_UNIQ_ID",
    "line_number": "CLM_LINE_NUM",
    "patient_id": "BENE_MBI_ID",
    "billing_npi": "RNDRG_PRVDR_NPI_NUM",
    "service_date": "CLM_LINE_FROM_DT",
    "service_date_to": "CLM_LINE_THRU_DT",
    "processed_date": "CLM_EFCTV_DT",
    "procedure_code": "CLM_LINE_HCPCS_CD",
    "units": "CLM_LINE_SRVC_UNIT_QTY",
    "allowed_amount": "CLM_LINE_ALOWD_CHRG_AMT",
    "paid_amount": "CLM_LINE_CVRD_PD_AMT",
} | {f"diagnosis_{number}": f"CLM_DGNS_{number}_CD" for number in range(1, 13)}
_SYNPUF = {
    "claim_id": "CLM_ID",
    "patient_id": "DESYNPUF_ID",
    "billing_npi": "PRF_PHYSN_NPI",
    "service_date": "CLM_FROM_DT",
    "service_date_to": "CLM_THRU_DT",
    "procedure_code": "HCPCS_CD",
    "allowed_amount": "LINE_ALOWD_CHRG_AMT",
    "paid_amount": "LINE_NCH_PMT_AMT",
}
_SYNTHEA = {
    "claim_id": "CLAIMID",
    "line_number": "CHARGEID",
    "patient_id": "PATIENTID",
    "payer_id": "PRIMARYPATIENTINSURANCEID",
    "billing_npi": "PROVIDERID",
    "service_date": "FROMDATE",
    "service_date_to": "TODATE",
    "procedure_code": "PROCEDURECODE",
    "units": "UNITS",
    "charge_amount": "AMOUNT",
} | {f"diagnosis_{number}": f"DIAGNOSIS{number}" for number in range(1, 9)}
_IDR = {
    "claim_id": "CLM_UNIQ_ID",
    "line_number": "CLM_LINE_NUM",
    "patient_id": "BENE_SK",
    "billing_npi": "CLM_BLG_PRVDR_NPI_NUM",
    "service_date": "CLM_LINE_FROM_DT",
    "service_date_to": "CLM_LINE_THRU_DT",
    "procedure_code": "CLM_LINE_HCPCS_CD",
    "units": "CLM_LINE_SRVC_UNIT_QTY",
    "charge_amount": "CLM_LINE_SBMT_CHRG_AMT",
    "allowed_amount": "CLM_LINE_ALOWD_CHRG_AMT",
    "paid_amount": "CLM_LINE_CVRD_PD_AMT",
    "ndc_quantity": "CLM_LINE_NDC_QTY",
}
_IDR_KEY = frozenset({"GEO_BENE_SK", "CLM_DT_SGNTR_SK", "CLM_TYPE_CD", "CLM_NUM_SK"})


def _patients(name: str, layout: str, marks: set[str], view: str, left: str = "") -> Flat:
    return Flat(name, layout, frozenset(marks), {"patients": view}, left=left)


def _joined(name: str, layout: str, marks: frozenset[str] | set[str]) -> Flat:
    return Flat(name, layout, frozenset(marks), joined=True)


# Columns of CCLF file 5 with their widths, as the CCLF information packet numbers its positions; what is not read is "".
_CCLF_FIXED = (
    ("CUR_CLM_UNIQ_ID", 13), ("CLM_LINE_NUM", 10), ("BENE_MBI_ID", 11), ("", 11), ("CLM_TYPE_CD", 2), ("", 10), ("", 10), ("", 3),
    ("", 2), ("CLM_PRVDR_SPCLTY_CD", 2), ("", 1), ("CLM_POS_CD", 2), ("CLM_LINE_FROM_DT", 10), ("CLM_LINE_THRU_DT", 10),
    ("CLM_LINE_HCPCS_CD", 5), ("CLM_LINE_CVRD_PD_AMT", 15), ("", 1), ("CLM_LINE_DGNS_CD", 7), ("", 10), ("RNDRG_PRVDR_NPI_NUM", 10),
    ("CLM_CARR_PMT_DNL_CD", 2), ("CLM_PRCSG_IND_CD", 2), ("CLM_ADJSMT_TYPE_CD", 2), ("CLM_EFCTV_DT", 10), ("", 10),
    ("CLM_CNTL_NUM", 40), ("", 11), ("CLM_LINE_ALOWD_CHRG_AMT", 17), ("CLM_LINE_SRVC_UNIT_QTY", 24), ("HCPCS_1_MDFR_CD", 2),
    ("HCPCS_2_MDFR_CD", 2), ("HCPCS_3_MDFR_CD", 2), ("HCPCS_4_MDFR_CD", 2), ("HCPCS_5_MDFR_CD", 2), ("", 2),
    *((f"CLM_DGNS_{number}_CD", 7) for number in range(1, 9)), ("DGNS_PRCDR_ICD_IND", 1),
    *((f"CLM_DGNS_{number}_CD", 7) for number in range(9, 13)), ("", 3), ("CLM_RNDRG_PRVDR_NPI_NUM", 10),
)  # fmt: skip
# Number of the claim and of the line, patient, type of claim, four dates, and what an amount and an NPI may be.
_CCLF_LINE = re.compile(
    r" *[0-9]{1,13} *(?<=^.{13})[ 0-9]{10}[0-9A-Z]{11}.{11}(71|72|81|82)[0-9]{4}-[0-9]{2}-[0-9]{2}[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r".{10}[0-9]{4}-[0-9]{2}-[0-9]{2}[0-9]{4}-[0-9]{2}-[0-9]{2}.{5}[-+ 0-9.]{15}.{18}[0-9 ~]{10}"
)


class CclfFixed:
    """CCLF file 5 as CMS sends it: no header, columns of fixed width. Recognised by what stands where in its first line."""

    name = "cclf-part-b"

    def recognise(self, head: Head, layouts: Mapping[str, Layout]) -> Source | None:
        """See `Reader.recognise`."""
        if head.form != "csv" or head.encoding != "utf-8" or not _CCLF_LINE.match(head.line):
            return None
        found = next(one for one in FORMATS if one.name == self.name)
        return replace(
            found.source(head, layouts[found.layout], tuple(name for name, _ in _CCLF_FIXED), "\x01"),
            widths=tuple(width for _, width in _CCLF_FIXED),
            quote="",
        )


# Of two formats that share marks, the one with more of them comes first.
FORMATS = (
    Flat(
        "rif-carrier",
        "rif_carrier",
        frozenset({"CLM_ID", "LINE_NUM", "LINE_1ST_EXPNS_DT"}),
        {
            "claim_lines": "rif_carrier_claim_lines",
            "providers": "rif_carrier_providers",
            "payers": "rif_carrier_payers",
        },
        _RIF,
    ),
    Flat(
        "tuva",
        "tuva_medical_claim",
        frozenset({"claim_id", "claim_line_number", "claim_type", "service_unit_quantity", "hcpcs_code"}),
        {"claim_lines": "tuva_claim_lines"},
        _TUVA,
        left="tuva_left",
    ),
    _patients(
        "tuva",
        "tuva_eligibility",
        {"member_id", "birth_date", "enrollment_start_date", "payer_type"},
        "tuva_patients",
        "tuva_eligibility_left",
    ),
    Flat(
        "cclf-part-b",
        "cclf_part_b",
        frozenset({"CUR_CLM_UNIQ_ID", "CLM_LINE_NUM", "CLM_LINE_HCPCS_CD", "RNDRG_PRVDR_NPI_NUM"}),
        {"claim_lines": "cclf_claim_lines", "providers": "cclf_providers", "payers": "cclf_payers"},
        _CCLF,
        left="cclf_left",
    ),
    Flat(
        "synpuf",
        "synpuf_carrier",
        frozenset({"DESYNPUF_ID", "CLM_ID", "HCPCS_CD_1", "PRF_PHYSN_NPI_1"}),
        {"claim_lines": "synpuf_claim_lines", "payers": "synpuf_payers"},
        _SYNPUF,
        left="synpuf_left",
        lines=13,
    ),
    _patients(
        "synpuf",
        "synpuf_beneficiary",
        {"DESYNPUF_ID", "BENE_BIRTH_DT", "SP_STATE_CODE"},
        "synpuf_patients",
    ),
    Flat(
        "synthea",
        "synthea_transactions",
        frozenset({"CLAIMID", "CHARGEID", "TYPE", "PROCEDURECODE"}),
        {"claim_lines": "synthea_claim_lines"},
        _SYNTHEA,
        joins=("synthea_claims",),
        left="synthea_left",
    ),
    _joined("synthea", "synthea_claims", {"Id", "PRIMARYPATIENTINSURANCEID", "DIAGNOSIS1"}),
    _patients(
        "synthea",
        "synthea_patients",
        {"Id", "BIRTHDATE", "HEALTHCARE_EXPENSES"},
        "synthea_canonical_patients",
    ),
    Flat(
        "synthea",
        "synthea_payers",
        frozenset({"Id", "NAME", "AMOUNT_COVERED"}),
        {"payers": "synthea_canonical_payers"},
    ),
    Flat(
        "idr",
        "idr_claim_line",
        _IDR_KEY | {"CLM_UNIQ_ID", "CLM_LINE_NUM", "CLM_LINE_HCPCS_CD"},
        {"claim_lines": "idr_claim_lines", "payers": "idr_payers"},
        _IDR,
        joins=(
            "idr_claim",
            "idr_claim_professional",
            "idr_claim_line_professional",
            "idr_claim_diagnosis",
            "idr_claim_dates",
        ),
        left="idr_left",
    ),
    _joined("idr", "idr_claim", _IDR_KEY | {"BENE_SK", "CLM_FINL_ACTN_IND"}),
    _joined("idr", "idr_claim_professional", _IDR_KEY | {"CLM_CARR_PMT_DNL_CD"}),
    _joined("idr", "idr_claim_line_professional", _IDR_KEY | {"CLM_LINE_NUM", "CLM_PRCSG_IND_CD"}),
    _joined("idr", "idr_claim_diagnosis", _IDR_KEY | {"CLM_DGNS_CD", "CLM_PROD_TYPE_CD"}),
    _joined("idr", "idr_claim_dates", {"CLM_DT_SGNTR_SK", "CLM_SUBMSN_DT", "CLM_CMS_PROC_DT"}),
)
