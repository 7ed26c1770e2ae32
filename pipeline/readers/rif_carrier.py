"""CMS research-identifiable carrier claims (RIF), pipe-delimited: one record per line, the claim repeated on each.

Column names follow the CCW data dictionary, as the public Synthea and Blue Button exports use them.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import Layout, Source
from .canonical import check_header
from .text import Head, header_names

_MARKS = {"CLM_ID", "LINE_NUM", "HCPCS_CD", "LINE_SRVC_CNT", "LINE_1ST_EXPNS_DT"}
_CLAIM_LINE = {
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


class RifCarrier:
    """Recognised by the carrier line's own column names in a pipe-delimited header."""

    name = "rif-carrier"

    def recognise(self, head: Head, layouts: Mapping[str, Layout]) -> Source | None:
        """See `Reader.recognise`."""
        if head.form != "csv" or head.encoding != "utf-8":
            return None
        header = header_names(head.line, "|", quoted=False)
        if len(_MARKS.intersection(header)) < 3:
            return None
        layout = layouts["rif_carrier"]
        check_header(head.name, header, layout)
        return Source(
            self.name,
            head,
            layout,
            header,
            {
                "claim_lines": "raw.rif_carrier_claim_lines",
                "providers": "raw.rif_carrier_providers",
                "payers": "raw.rif_carrier_payers",
            },
            delimiter="|",
            quote="",
            source_columns={"claim_lines": _CLAIM_LINE},
        )
