"""Layouts of exports: a first draft from a sample, and the proof of what a layout makes of a file.

Neither prints a value of the file: samples hold patients.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from .engine import Engine
from .errors import InputError
from .ingest import ingest, layouts_of_exports, raw_layouts, single_files
from .readers import exports, text

_SAMPLE = 500
_DATES = (
    ("%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%y", "%Y%m%d", "%m-%d-%Y", "%d-%b-%Y", "%b %d, %Y")
    + ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p")
    + ("%m/%d/%Y %I:%M:%S %p",)
)
_NULLS = frozenset({"null", "n/a", "na", "none", "nan", "-", "--", "#n/a", "(blank)", "unknown"})
# What exports call a column, without spaces and signs; the first that fits is taken.
_NAMES = {
    "claim_id": "claimid claimnumber claimno claim encounterid encounternumber encounter enc visitid visitnumber invoicenumber accessionnumber",
    "line_number": "linenumber lineno line chargeid claimline claimlinenumber serviceline transactionid ord",
    "patient_id": "patientid patientaccount patientaccountnumber accountnumber account acct patientnumber mrn patientmrn clientid chartnumber patient",
    "payer_id": "payerid payer payername primaryinsurance primarypayer primaryinsurancename primaryinsurername primaryinsurancecompanyname insurancename insurance insprim primaryins transactioncarrier carrier insuranceid",
    "billing_npi": "billingnpi billingprovidernpi groupnpi practicenpi organizationnpi facilitynpi",
    "rendering_npi": "renderingnpi renderingprovidernpi providernpi treatingnpi treatingprovidernpi therapistnpi cliniciannpi npi",
    "place_of_service": "placeofservice pos poscode placeofservicecode",
    "service_date": "servicedate dateofservice dos servicestartdate fromdate visitdate datefrom fromdos serviceFrom date",
    "service_date_to": "servicedateto serviceenddate todate dateto todos throughdate thrudate",
    "received_date": "receiveddate datereceived claimreceiveddate",
    "processed_date": "processeddate paiddate datepaid paymentdate adjudicationdate checkdate",
    "procedure_code": "procedurecode cpt cptcode hcpcs hcpcscode proccode procedure servicecode chargecode code cpthcpcs",
    "units": "units unit qty quantity unitsbilled billedunits serviceunits numberofunits",
    "diagnosis_pointers": "diagnosispointers diagnosispointer dxpointer dxpointers pointer pointers diagptr dxptr",
    "charge_amount": "chargeamount charge charges billedamount billed amountbilled totalcharge totalcharges chargeamt fee amount",
    "allowed_amount": "allowedamount allowed allowable allowedamt contractedamount",
    "paid_amount": "paidamount paid insurancepaid payments payment totalpaid inspaid paymentamount totalpayments",
    "line_status": "linestatus claimstatus status",
    "carc_codes": "carc carccodes denialcode reasoncode adjustmentreason adjustmentreasoncode",
    "rarc_codes": "rarc rarccodes remarkcode remarkcodes",
    "ndc": "ndc ndccode",
    "prior_authorization": "priorauthorization authorizationnumber authnumber auth priorauth authno referralnumber",
    "clinic_id": "clinicid clinic location locationname facility facilityname office site",
    "state": "state servicestate",
}
_MODIFIER = re.compile(r"^(cpt|hcpcs|procedure)?(modifiers?|mods?)(code)?s?\d?$")
_DIAGNOSIS = re.compile(r"^(primary|treating)?(diagnos[ie]s|diag|dx|icd(10)?)(codes?)?s?\d{0,2}$")
_MINUTES = re.compile(r"^(treatment|timed|total|billed|direct)?(minutes|mins?|duration|time)(spent)?$")


_KIND = re.compile(r"^(transaction|entry|row|record|line)?type$")


@dataclass(frozen=True)
class _Sample:
    names: tuple[str, ...]
    rows: list[list[str]]

    def is_filled(self, name: str) -> bool:
        """Whether the sample has a value there, or no rows that could."""
        return bool(self.values(name)) or not self.rows

    def values(self, name: str) -> list[str]:
        place = self.names.index(name)
        return [row[place].strip() for row in self.rows if len(row) > place and row[place].strip()]


_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd]")  # a header may have a line break in it, and nothing of these


def _sample(path: Path) -> _Sample:
    with Engine() as engine, engine.scratch() as scratch:
        file = next(single_files(path, scratch), None)
        if file is None:
            raise InputError(f"{path.name} holds no table.", "Name a file with a header row.")
        head = text.examine(file)
        names, sign = max(exports.headers(head), key=lambda one: len(one[0]), default=((), ","))
        if head.form != "csv" or len(names) < 2 or any(map(_NO_TEXT.search, names)):
            raise InputError(f"{path.name} is no table of text with a header row.", "Save the export as CSV or XLSX.")
        rows = [one.values for one in islice(text.records(file, head.compression, sign), _SAMPLE) if one.reason is None]
    return _Sample(names, rows)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def infer(path: Path) -> str:
    """A draft of a layout file for this export, with what is missing and what was not used as comments."""
    sample = _sample(path)
    used: set[str] = set()
    columns: dict[str, str] = {}
    wide = _wide(sample.names)
    for name, known in _NAMES.items():
        for word in known.lower().split():
            found = next(
                (one for one in sample.names if one not in used and _plain(one) == word and sample.is_filled(one)), None
            )
            if found is None and word in wide:
                found, numbered = wide[word]
                used.update(numbered)
            if found is not None:
                columns[name] = found
                used.add(found)
                break
    lines = _lines(columns.get("procedure_code", ""), wide)
    body = [f"{name} = {_shape(name, column, sample)}" for name, column in columns.items()]
    for name, pattern in (("modifiers", _MODIFIER), ("diagnoses", _DIAGNOSIS)):
        own = [one for one in sample.names if one not in used and pattern.match(_plain(one))]
        used.update(own)
        if own:
            body.append(f"{name} = {_list(own, sample)}")
    minutes = next((one for one in sample.names if one not in used and _MINUTES.match(_plain(one))), None)
    if "line_number" not in columns and lines > 1:
        body.append('line_number = {value = "{n}"}')
    elif "line_number" not in columns and "claim_id" in columns:
        body.append(f"line_number = {{count = [{_string(columns['claim_id'])}]}}  # in the order of the file")
    stated = {line.split(" = ")[0] for line in body}
    required = [name for name in raw_layouts()["claim_lines"].required if name not in stated]
    dated = {column for name, column in columns.items() if "date" in name and "{n}" not in column}
    dates, doubt = _dates(sample, dated)
    nulls = sorted({value.lower() for name in sample.names for value in sample.values(name)} & _NULLS)
    marks = [column for name in ("claim_id", "procedure_code", "service_date") if (column := columns.get(name))]
    draft = [
        f"name = {_string(re.sub(r'[^a-z0-9]+', '-', path.name.split('.')[0].lower()).strip('-') or 'export')}",
        f"recognise = {_strings([mark.replace('{n}', '1') for mark in marks] or list(sample.names[:5]))}",
        f"dates = {_strings(dates)}",
        *(["# Day and month could not be told apart in the sample: make sure."] if doubt else []),
        *([f"nulls = {_strings(nulls)}"] if nulls else []),
        *([f"lines = {lines}"] if lines > 1 else []),
        *(
            f'# if payments stand among the charges: only = {{{_string(name)} = ["the texts of charges"]}}'
            for name in sample.names
            if name not in used and _KIND.match(_plain(name))
        ),
        "",
        "[claim_lines]",
        *body,
        *(f'# missing: {name} = "the column", or {{value = "the same for all rows"}}' for name in required),
    ]
    if minutes:
        used.add(minutes)
        keys = ("patient_id", "service_date", "rendering_npi", "procedure_code")
        draft += ["", "[visit_services]"]
        draft += [f"{name} = {_shape(name, columns[name], sample)}" for name in keys if name in columns]
        draft += [f"# missing: {name}" for name in keys if name not in columns]
        draft += [f"minutes = {_string(minutes)}"]
    rest = [name for name in sample.names if name and name not in used]
    draft += ["", *([f"# Not used: {', '.join(rest)}"] if rest else [])]
    return "\n".join(draft).rstrip() + "\n"


def _wide(names: Sequence[str]) -> dict[str, tuple[str, list[str]]]:
    """Columns that come numbered (CPT 1, CPT 2): by plain name without the number, their name with {n}, and they all."""
    groups: dict[str, dict[int, str]] = {}
    for name in names:
        if match := re.fullmatch(r"(\D*?)(\d{1,2})(\D*)", name):
            groups.setdefault(f"{match[1]}{{n}}{match[3]}", {})[int(match[2])] = name
    return {
        _plain(stem.replace("{n}", "")): (stem, list(group.values()))
        for stem, group in groups.items()
        if len(group) > 1 and 1 in group
    }


def _lines(code: str, wide: dict[str, tuple[str, list[str]]]) -> int:
    return max((len(numbered) for stem, numbered in wide.values() if stem == code), default=1)


def _string(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _strings(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_string, values))}]"


def _shape(name: str, column: str, sample: _Sample) -> str:
    """The column, or for codes with words behind them the code alone."""
    first = column.replace("{n}", "1")
    values = sample.values(first) if first in sample.names else []
    if name == "procedure_code" and any(re.match(r"^[0-9A-Z]{5}\W", value) for value in values):
        return f'{{column = {_string(column)}, take = "^[0-9A-Za-z]{{5}}"}}'
    return _string(column)


def _list(own: list[str], sample: _Sample) -> str:
    values = [value for name in own for value in sample.values(name)]
    signs = "".join(sign for sign in ",;|:" if any(sign in value for value in values))
    if not signs and any(re.fullmatch(r"\S{2}( \S{2})+", value) for value in values):
        signs = " "
    words = any(re.search(r"[A-Za-z]{4}", value) for value in values)
    take = ', take = "^ *[A-Z][0-9][0-9A-Za-z.]+"' if words else ""
    if not signs and not take:
        return _strings(own)
    return f"{{columns = {_strings(own)}{f', split = {_string(signs)}' if signs else ''}{take}}}"


def _dates(sample: _Sample, columns: set[str]) -> tuple[list[str], bool]:
    """The formats that read every date of the columns, and whether another order of day and month reads them too."""
    chosen: list[str] = []
    doubt = False
    for name in sample.names:
        values = [value for value in sample.values(name) if value.lower() not in _NULLS] if name in columns else []
        fits = [one for one in _DATES if values and all(_is_date(value, one) for value in values)]
        if fits:
            chosen.append(fits[0])
            doubt = doubt or ("%m/%d/%Y" in fits and "%d/%m/%Y" in fits)
    return list(dict.fromkeys(chosen)) or ["%Y-%m-%d"], doubt


def _is_date(value: str, form: str) -> bool:
    try:
        return datetime.strptime(value, form).year > 1900
    except ValueError:
        return False


def check(path: Path, layouts: Sequence[Path]) -> list[str]:
    """What a layout makes of a file: counts of records, lines and rejects, and the columns that are not used."""
    with Engine() as engine:
        with engine.scratch() as scratch:
            reader = exports.Exports(layouts_of_exports(layouts))
            said = []
            for file in single_files(path, scratch):
                head = text.examine(file)
                names = max((one for one, _ in exports.headers(head)), key=len, default=())
                if (layout := reader.choose(head)) is None:
                    said.append(f"{file.name}: no layout recognises its columns")
                    continue
                known = {exports.folded(name) for name in layout.columns}
                there = {exports.folded(name) for name in names}
                rest = [name for name in names if name and exports.folded(name) not in known]
                said.append(f"{file.name}: layout {layout.name}")
                said.append(f"  not used    {', '.join(rest) or 'none'}")
                absent = [name for name in layout.columns if exports.folded(name) not in there]
                said.append(f"  not there   {', '.join(absent) or 'none'}")
        summary = ingest(engine, [path], format="export", export_layouts=layouts, need_lines=False)
        for one in summary.files:
            said.append(f"{one.file_name}: {one.records:,} {one.record_type or 'records'}, {one.rejected:,} rejected")
            said += [f"  {note}" for note in one.notes]
        said += [
            f"  rejected    {count:,} {record}: {column}, {reason}; {remedy}"
            for record, column, reason, remedy, count in engine.rows(
                """select record_type, coalesce(column_name, 'the whole record'), reason, remedy, count(*) from audit.reject
                group by all order by all"""
            )
        ]
    return said
