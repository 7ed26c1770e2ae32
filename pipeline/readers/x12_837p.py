"""X12 837P: professional claims as they are sent to a payer (005010X222 with its addenda; 004010X098 as far as it is the same).

One row per service line (SV1) with what its claim, patient, payer and billing provider say of it. Loops are told apart by
what opens them: HL the billing provider, subscriber and patient, CLM the claim, SBR after it another payer, LX the line.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import Layout, Source
from .text import Head
from .x12 import Transactions, components, is_x12, kinds

_DIAGNOSES = ("ABK", "ABF", "BK", "BF")
_SIX_BLANKS, _EIGHT_BLANKS = [""] * 6, [""] * 8
# Places in a row: number and place in what is shared come before the columns of the layout.
_DATE, _RENDERING, _STATE, _AUTHORIZATION, _CONTROL, _NDC, _NDC_QUANTITY, _NDC_UNIT = range(15, 23)
_WIDTH = 23
# Places in another payer's decision.
_PAYER, _PAID, _DECIDED, _ADJUSTMENTS = 2, 3, 6, 7
_MOST_PARTIES = 50_000  # remembered so as to be written once
_CLAIM_LINE = {
    "claim_id": "CLM01",
    "line_number": "LX01",
    "claim_frequency": "CLM05-3",
    "original_claim_id": "REF02 (F8)",
    "patient_id": "NM109 (IL)",
    "payer_id": "NM109 (PR)",
    "billing_npi": "NM109 (85)",
    "rendering_npi": "NM109 (82)",
    "place_of_service": "SV105",
    "service_date": "DTP03 (472)",
    "service_date_to": "DTP03 (472)",
    "received_date": "BHT04",
    "procedure_code": "SV101-2",
    "units": "SV104",
    "charge_amount": "SV102",
    "ndc_quantity": "CTP04",
}


class X12Claims:
    """Recognised by a group or transaction of the guide for professional claims."""

    name = "x12-837p"

    def recognise(self, head: Head, layouts: Mapping[str, Layout]) -> Source | None:
        """See `Reader.recognise`."""
        if not is_x12(head) or "837P" not in kinds(head):
            return None
        names = ("x12_837p", "x12_837p_party", "x12_837p_control", "x12_837p_note", "x12_837p_other_payer")
        own = tuple(layouts[name] for name in names)
        views = {
            "claim_lines": "raw.x12_837p_claim_lines",
            "providers": "raw.x12_837p_providers",
            "payers": "raw.x12_837p_payers",
            "patients": "raw.x12_837p_patients",
            "line_controls": "raw.line_controls",
            "claim_notes": "raw.claim_notes",
            "other_payer_decisions": "raw.other_payer_decisions",
        }
        return Source(
            self.name,
            head,
            own[0],
            own[0].columns,
            views,
            source_columns={
                "claim_lines": _CLAIM_LINE,
                "patients": {"patient_id": "NM109 (IL)", "birth_date": "DMG02"},
            },
            decoder=Claims(head, own),
        )


class Claims(Transactions):
    """The decoder. `_loop` is where the reading stands: 20, 22 and 23 (HL), claim, other (payer), line, or nothing."""

    kind = "837P"
    counted = ("SV1",)

    def __init__(self, head: Head, layouts: tuple[Layout, ...]) -> None:
        super().__init__(head, layouts)
        self.handlers = {
            "BHT": (self._bht, 5),
            "HL": (self._hl, 4),
            "PRV": (self._prv, 4),
            "SBR": (self._sbr, 10),
            "NM1": (self._nm1, 10),
            "N4": (self._n4, 4),
            "DMG": (self._dmg, 3),
            "CLM": (self._clm, 6),
            "HI": (self._hi, 2),
            "DTP": (self._dtp, 4),
            "REF": (self._ref, 5),
            "LX": (self._lx, 2),
            "SV1": (self._sv1, 8),
            "LIN": (self._lin, 4),
            "CTP": (self._ctp, 6),
            "NTE": (self._nte, 3),
            "SVD": (self._svd, 6),
            "CAS": (self._cas, 5),
            "AMT": (self._amt, 3),
        }
        # rows of other layouts, without their number, until the claim is known to be whole
        self._beside: list[tuple[str, list[str]]] = []
        self._beside_numbers = dict.fromkeys(("x12_837p_note", "x12_837p_other_payer"), 0)
        self._decision: list[str] = []
        self._number = 0
        self._parties: dict[tuple[str, ...], None] = {}
        self._party_number = 0
        self._loop = self._entity = self._line_rendering = ""
        self._claim_open = False
        self._claim_values: tuple[str, ...] = ()
        self._place_in_shared = 0
        # the lines of the claim as lists in the order of the layout, so that the segments after SV1 fill them in
        self._open: list[list[int | str]] = []
        self._line: list[int | str] = []
        self._refused: list[tuple[str, list[int | str]]] = []
        self.begin()

    def begin(self) -> None:
        """Nothing is carried from one transaction into the next."""
        self._made = ""
        self._loop = self._entity = ""
        self._claim_open = False
        self.claim_began = 0
        self._clear_billing()

    def _clear_billing(self) -> None:
        self._billing_npi = self._billing_name = self._billing_taxonomy = self._billing_state = ""
        self._clear_subscriber()

    def _clear_subscriber(self) -> None:
        self._filing = self._payer_id = self._payer_name = self._member = ""
        self._clear_patient()

    def _clear_patient(self) -> None:
        """`_dependent` tells that the patient has a loop of its own."""
        self._dependent = self._own_member = ""
        self._last = self._first = self._birth = self._zip = ""

    # Who ----------------------------------------------------------------------------------------------------------

    def _bht(self, values: list[str]) -> None:
        self._made = values[4]

    def _hl(self, values: list[str]) -> None:
        self.end_claim(True)
        self._loop, self._entity = values[3].strip(), ""
        if self._loop == "22":
            self._clear_subscriber()
        elif self._loop == "23":
            self._clear_patient()
            self._dependent = "Y"
        else:
            self._clear_billing()

    def _sbr(self, values: list[str]) -> None:
        if self._claim_open:
            self._loop, self._entity = "other", ""
            self._decide("", "", ["", "", ""])
        else:
            self._filing = values[9]

    def _prv(self, values: list[str]) -> None:
        if values[1] == "BI" and self._loop == "20":
            self._billing_taxonomy = values[3]
        elif values[1] == "PE" and self._entity == "82":
            if self._loop == "line":
                self._line_taxonomy = values[3]
            elif self._loop == "claim":
                self._taxonomy = values[3]

    def _nm1(self, values: list[str]) -> None:
        loop, entity = self._loop, values[1]
        self._entity = entity
        if loop == "claim":
            if entity == "82":
                self._rendering, self._rendering_name = _npi(values), _name(values)
        elif loop == "line":
            if entity == "82":
                self._line_rendering_name, self._line_taxonomy = _name(values), ""
                self._line[_RENDERING] = self._line_rendering = _npi(values)
        elif entity == "85" and loop != "other":
            self._billing_npi, self._billing_name = _npi(values), _name(values)
        elif entity == "IL" and loop != "other":
            self._member, self._last, self._first = values[9], values[3], values[4]
        elif entity == "QC" and loop != "other":
            self._own_member, self._last, self._first = values[9], values[3], values[4]
        elif entity == "PR" and loop != "other":
            self._payer_id, self._payer_name = values[9], values[3]
        elif entity == "PR":
            self._decision[_PAYER] = values[9] or values[3]

    def _n4(self, values: list[str]) -> None:
        entity, loop = self._entity, self._loop
        if entity == "85" and loop == "20":
            self._billing_state = values[2]
        elif entity == "77" and loop == "claim":
            self._state = values[2]
        elif entity == "77" and loop == "line":
            self._line[_STATE] = values[2]
        elif entity in ("IL", "QC") and loop in ("22", "23"):
            self._zip = values[3]

    def _dmg(self, values: list[str]) -> None:
        if self._entity in ("IL", "QC") and self._loop in ("22", "23"):
            self._birth = values[2]

    # What ---------------------------------------------------------------------------------------------------------

    def _clm(self, values: list[str]) -> None:
        self.end_claim(True)
        self._claim_open, self._loop, self._entity = True, "claim", ""
        self.claim_began = self.segment
        place = components(values[5], self.component) + ["", ""]
        self._claim_id, self._place, self._frequency = values[1], place[0], place[2]
        self._original = self._authorization = self._rendering = self._rendering_name = self._taxonomy = ""
        self._state = self._date = ""
        self._diagnoses: list[str] = []
        self._claim_values = ()
        self._line_number = ""

    def _hi(self, values: list[str]) -> None:
        if self._loop != "claim":
            return
        for value in values[1:]:
            code = components(value, self.component)
            if code[0] in _DIAGNOSES:
                self._diagnoses.append(code[1] if len(code) > 1 else "")

    def _dtp(self, values: list[str]) -> None:
        if values[1] == "472":
            if self._loop == "line":
                self._line[_DATE] = values[3]
            elif self._loop == "claim":
                self._date = values[3]
        elif values[1] == "573" and self._decision and self._loop in ("other", "line"):
            self._decision[_DECIDED] = values[3]

    def _ref(self, values: list[str]) -> None:
        name = values[1]
        if self._loop == "line":
            if name == "6R":
                self._line[_CONTROL] = values[2]
            elif name == "G1" and not values[4]:
                self._line[_AUTHORIZATION] = values[2]
        elif self._loop == "claim":
            if name == "F8":
                self._original = values[2]
            elif name == "G1":
                self._authorization = values[2]

    def _lx(self, values: list[str]) -> None:
        self._end_line()
        if self._claim_open:
            self._loop, self._line_number = "line", values[1]
            self._line = [""] * _WIDTH  # of no use to anyone, until its SV1

    def _sv1(self, values: list[str]) -> None:
        self._end_line()
        self._number += 1
        if not self._claim_open:
            self.refuse(self._number, "line-outside-claim", (str(self.segment), "", *values[1:2]))
            return
        if not self._claim_values:
            self._claim_values = self._claim_row()
            self._place_in_shared = len(self.shared)
            self.shared.append(self._claim_values)
        self._loop = "line"
        _, service, charge, unit, quantity, place, _, pointers = values[:8]
        code = service.split(self.component) if self.component in service else components(service, self.component)
        if len(code) < 6:
            code += _SIX_BLANKS[: 6 - len(code)]
        if self.component != ":" and pointers:
            pointers = ":".join(components(pointers, self.component))
        self._line = [
            self._number,
            self._place_in_shared,
            str(self.segment),
            self._line_number,
            *code[:6],
            charge,
            unit,
            quantity,
            place,
            pointers,
            *_EIGHT_BLANKS,
        ]
        self._line_number = ""
        if code[0] != "HC" and code[0].strip():
            self._refused.append(("not-hcpcs", self._line))
        elif unit == "MJ":
            self._refused.append(("units-are-minutes", self._line))
        else:
            self._open.append(self._line)

    def _lin(self, values: list[str]) -> None:
        if self._loop == "line" and values[2] == "N4" and not self._line[_NDC]:
            self._line[_NDC] = values[3]

    def _ctp(self, values: list[str]) -> None:
        if self._loop == "line" and self._line[_NDC] and not self._line[_NDC_QUANTITY]:
            self._line[_NDC_QUANTITY] = values[4]
            self._line[_NDC_UNIT] = components(values[5], self.component)[0]

    def _nte(self, values: list[str]) -> None:
        if self._loop in ("claim", "line"):
            line = str(self._number) if self._loop == "line" else ""
            self._beside.append(("x12_837p_note", [self._claim_id, line, values[1], values[2]]))

    # What other payers decided -------------------------------------------------------------------------------------

    def _decide(self, line: str, payer: str, rest: list[str]) -> None:
        """Another payer's decision on the claim (SBR) or the line (SVD); the segments after it fill it in."""
        self._decision = [self._claim_id, line, payer, *rest, "", ""]
        self._beside.append(("x12_837p_other_payer", self._decision))

    def _svd(self, values: list[str]) -> None:
        if self._loop == "line":
            code = (components(values[3], self.component) + ["", ""])[:2]
            self._decide(str(self._number), values[1], [values[2], code[1], values[5]])

    def _cas(self, values: list[str]) -> None:
        if self._decision and self._loop in ("other", "line"):
            reasons = [f"{values[1].strip()}-{reason.strip()}={amount.strip()}" for reason, amount in _pairs(values)]
            self._decision[_ADJUSTMENTS] = " ".join(filter(None, [self._decision[_ADJUSTMENTS], *reasons]))

    def _amt(self, values: list[str]) -> None:
        if values[1] == "D" and self._loop == "other":
            self._decision[_PAID] = values[2]

    # Rows ---------------------------------------------------------------------------------------------------------

    def _end_line(self) -> None:
        """What is said of the line has been said: its rendering provider is one of the parties."""
        self._entity = ""
        self._decision = []
        if self._line_rendering:
            self._party("provider", self._line_rendering, self._line_rendering_name, self._line_taxonomy)
            self._line_rendering = ""

    def _claim_row(self) -> tuple[str, ...]:
        """What all lines of the claim share; its patient, payer and providers become rows of their own."""
        if self._billing_npi:
            self._party("provider", self._billing_npi, self._billing_name, self._billing_taxonomy)
        if self._rendering:
            self._party("provider", self._rendering, self._rendering_name, self._taxonomy)
        self._party("payer", self._payer_id or self._payer_name, self._payer_name, self._filing)
        # a dependent with a member number of its own is a patient like a subscriber
        dependent = self._dependent if not self._own_member else ""
        patient = (self._own_member or self._member, dependent, self._last, self._first, self._birth)
        self._party("patient", patient[0], "", "", *patient[1:], self._zip)
        return (
            self._made,
            self._billing_npi,
            self._billing_state,
            self._payer_id or self._payer_name,
            *patient,
            self._claim_id,
            self._place,
            self._frequency,
            self._original,
            self._authorization,
            self._rendering,
            self._state,
            self._date,
            *(self._diagnoses + [""] * 12)[:12],
        )

    def _party(self, role: str, number: str, name: str, code: str, *patient: str) -> None:
        """A provider, payer or patient, once per batch; `code` is the taxonomy or the filing indicator."""
        key = (role, number, name, code, *(patient or ("", "", "", "", "")))
        if key not in self._parties:
            self._parties[key] = None
            self._party_number += 1
            self.aside["x12_837p_party"].append((self._party_number, *key))

    def end(self, whole: bool) -> None:
        """See `Transactions.end`."""
        self.end_claim(whole)

    def end_claim(self, whole: bool) -> None:
        """See `Transactions.end_claim`."""
        if not self._claim_open:
            return
        self._end_line()
        self._claim_open, self._loop = False, ""
        self.claim_began = 0
        for reason, line in self._refused:
            self.refuse(int(line[0]), reason, [*map(str, line[2:]), *self._claim_values])
        self._refused.clear()
        if whole:
            for line in self._open:
                if line[_CONTROL] or self._original:
                    self.aside["x12_837p_control"].append((line[0], line[_CONTROL]))
            for layout, row in self._beside:
                self._beside_numbers[layout] += 1
                self.aside[layout].append((self._beside_numbers[layout], *row))
        self._beside.clear()
        self.settle(self._open, self._claim_values, whole)

    def start_batch(self) -> None:
        """See `Transactions.start_batch`; the claim that is still open stays."""
        super().start_batch()
        if self._claim_open and self._claim_values:
            self._place_in_shared = 0
            self.shared.append(self._claim_values)
            for line in self._open:
                line[1] = 0
        if len(self._parties) > _MOST_PARTIES:
            self._parties.clear()


def _pairs(values: list[str]) -> list[tuple[str, str]]:
    """Reasons and amounts of a CAS segment: up to six, each followed by a quantity."""
    found = [(values[n], values[n + 1]) for n in range(2, len(values) - 1, 3)]
    return [(reason, amount) for reason, amount in found if reason.strip() or amount.strip()]


def _npi(values: list[str]) -> str:
    """The identifier of a provider if it is an NPI."""
    return values[9] if values[8] == "XX" else ""


def _name(values: list[str]) -> str:
    return f"{values[3]}, {values[4]}" if values[4] else values[3]
