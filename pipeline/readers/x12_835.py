"""X12 835: what payers decided and paid (005010X221 with its addendum; 004010X091 as far as it is the same).

One row per claim (CLP) and one per service line (SVC) of a payment, each with what its payment and claim say of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from . import Layout, Source
from .text import Head
from .x12 import Transactions, components, is_x12, kinds

_SIX_BLANKS = [""] * 6
_REMITTANCE_LINE = {
    "claim_id": "CLP01",
    "claim_status": "CLP02",
    "charge_amount": "CLP03 or SVC02",
    "paid_amount": "CLP04 or SVC03",
    "procedure_code": "SVC01-2",
    "units": "SVC05",
    "billed_units": "SVC07",
    "service_date": "DTM02 (472, 150)",
    "service_date_to": "DTM02 (151)",
    "payment_date": "BPR16",
    "received_date": "DTM02 (050)",
    "allowed_amount": "AMT02 (B6)",
    "adjustments": "CAS",
}


class X12Remittances:
    """Recognised by a group or transaction of the guide for remittances, if there are no claims beside them."""

    name = "x12-835"

    def recognise(self, head: Head, layouts: Mapping[str, Layout]) -> Source | None:
        """See `Reader.recognise`."""
        if not is_x12(head) or "835" not in kinds(head):
            return None
        own = (layouts["x12_835"], layouts["x12_835_payment"], layouts["x12_835_provider_adjustment"])
        views = {
            "remittance_lines": "raw.remittance_lines",
            "remittance_payments": "raw.remittance_payments",
            "provider_adjustments": "raw.provider_adjustments",
        }
        return Source(
            self.name,
            head,
            own[0],
            own[0].columns,
            views,
            source_columns={"remittance_lines": _REMITTANCE_LINE},
            decoder=Remittances(head, own),
        )


class Remittances(Transactions):
    """The decoder. `_loop` is where the reading stands: head, payer, payee, claim or line."""

    kind = "835"
    counted = ("CLP", "SVC")

    def __init__(self, head: Head, layouts: tuple[Layout, ...]) -> None:
        super().__init__(head, layouts)
        self.handlers = {
            "BPR": (self._bpr, 17),
            "TRN": (self._trn, 3),
            "N1": (self._n1, 5),
            "REF": (self._ref, 3),
            "DTM": (self._dtm, 3),
            "CLP": (self._clp, 10),
            "CAS": (self._cas, 5),
            "NM1": (self._nm1, 10),
            "MIA": (self._mia, 2),
            "MOA": (self._moa, 2),
            "AMT": (self._amt, 3),
            "SVC": (self._svc, 8),
            "LQ": (self._lq, 3),
            "PLB": (self._plb, 15),
        }
        self._number = self._payment = self._plb_number = 0
        self._payment_open = self._claim_open = self._line_open = False
        self.begin()

    def begin(self) -> None:
        """A payment begins; nothing is carried over from the one before."""
        self._loop = "head"
        self._amount = self._sign = self._method = self._date = self._trace = ""
        self._payer_name = self._payer_number = self._payee_npi = self._payee_name = ""
        self._paid = self._adjusted = Decimal(0)
        self._unbalanced = 0
        self._exact = True

    # The payment --------------------------------------------------------------------------------------------------

    def _bpr(self, values: list[str]) -> None:
        self._payment += 1
        self._payment_open = True
        self._amount, self._sign, self._method, self._date = values[2], values[3], values[4], values[16]

    def _trn(self, values: list[str]) -> None:
        if self._loop == "head":
            self._trace = values[2]

    def _n1(self, values: list[str]) -> None:
        if values[1] == "PR" and not self._claim_open:
            self._loop, self._payer_name = "payer", values[2]
            if values[4]:
                self._payer_number = values[4]
        elif values[1] == "PE" and not self._claim_open:
            self._loop, self._payee_name = "payee", values[2]
            if values[3] == "XX":
                self._payee_npi = values[4]

    def _plb(self, values: list[str]) -> None:
        self.end_claim(True)
        for position in range(3, 14, 2):
            reason = components(values[position], self.component) + [""]
            if reason[0] or values[position + 1]:
                self._plb_number += 1
                self._adjusted += self._money(values[position + 1])
                row = (str(self._payment), values[1], values[2], reason[0], reason[1], values[position + 1])
                self.aside["x12_835_provider_adjustment"].append((self._plb_number, *row))

    # Its claims ---------------------------------------------------------------------------------------------------

    def _clp(self, values: list[str]) -> None:
        self.end_claim(True)
        self._number += 1
        self._claim_open, self._loop = True, "claim"
        self.claim_began = self.segment
        self._claim_number, self._claim_segment = self._number, str(self.segment)
        self._clp_values = values[:10]
        self._patient = self._received = self._from = self._to = ""
        self._claim_adjustments: list[str] = []
        self._claim_remarks: list[str] = []
        self._claim_left = self._money(values[3])
        self._paid += self._money(values[4])
        self._lines: list[list[int | str]] = []

    def _nm1(self, values: list[str]) -> None:
        if self._loop == "claim" and values[1] == "QC":
            self._patient = values[9]

    def _mia(self, values: list[str]) -> None:
        if self._loop == "claim":
            self._claim_remarks += [values[n] for n in (5, 20, 21, 22, 23) if len(values) > n and values[n].strip()]

    def _moa(self, values: list[str]) -> None:
        if self._loop == "claim":
            self._claim_remarks += [value for value in values[3:8] if value.strip()]

    def _cas(self, values: list[str]) -> None:
        """Up to six reasons of one group, each with its amount and quantity."""
        if not self._claim_open:
            return
        found = []
        group = values[1].strip()
        for position in range(2, len(values) - 1, 3):
            reason, amount = values[position].strip(), values[position + 1].strip()
            if reason or amount:
                found.append(f"{group}-{reason}={amount}")
                self._claim_left -= self._money(amount)
        if self._loop == "line":
            self._adjustments += found
        elif self._loop == "claim":
            self._claim_adjustments += found

    def _svc(self, values: list[str]) -> None:
        self._end_line()
        self._number += 1
        self._line_segment = str(self.segment)
        self._svc_values = values[:8]
        self._line_from = self._line_to = self._control = self._allowed = ""
        self._adjustments: list[str] = []
        self._remarks: list[str] = []
        if self._claim_open:
            self._loop, self._line_open = "line", True
        else:
            self.refuse(self._number, "line-outside-claim", ("line", str(self.segment), *values[1:2]))

    def _dtm(self, values: list[str]) -> None:
        name = values[1]
        if self._loop == "line":
            if name in ("472", "150"):
                self._line_from = values[2]
            elif name == "151":
                self._line_to = values[2]
        elif self._loop == "claim":
            if name == "232":
                self._from = values[2]
            elif name == "233":
                self._to = values[2]
            elif name == "050":
                self._received = values[2]

    def _ref(self, values: list[str]) -> None:
        if self._loop == "line":
            if values[1] == "6R":
                self._control = values[2]
        elif self._loop == "payer" and values[1] == "2U" and not self._payer_number:
            self._payer_number = values[2]

    def _amt(self, values: list[str]) -> None:
        if self._loop == "line" and values[1] == "B6":
            self._allowed = values[2]

    def _lq(self, values: list[str]) -> None:
        if self._loop == "line" and values[1] in ("HE", "RX") and values[2].strip():
            self._remarks.append(values[2].strip())

    # Rows ---------------------------------------------------------------------------------------------------------

    def _money(self, text: str) -> Decimal:
        """An amount for the sums; one that is none makes the payment's sums unknown."""
        amount = _amount(text)
        if amount is None:
            self._exact = False
            return Decimal(0)
        return amount

    def _end_line(self) -> None:
        if not self._line_open:
            return
        self._line_open = False
        values = self._svc_values
        service = (components(values[1], self.component) + _SIX_BLANKS)[:6]
        billed = (components(values[6], self.component) + _SIX_BLANKS)[1:6] if values[6] else _SIX_BLANKS[1:]
        self._lines.append(
            [
                self._number,
                0,
                "line",
                self._line_segment,
                *service,
                *billed,
                values[2],
                values[3],
                values[5],
                values[7],
                self._line_from or self._from,
                self._line_to if self._line_from else self._to,
                self._control,
                self._allowed,
                " ".join(self._adjustments),
                " ".join(self._remarks),
            ]
        )

    def end(self, whole: bool) -> None:
        """See `Transactions.end`; with the trailer the payment is complete and its sums must tie."""
        self.end_claim(whole)
        if not self._payment_open:
            return
        self._payment_open = False
        claims = self._paid - self._adjusted
        row = (
            self._amount,
            self._sign,
            self._method,
            self._date,
            self._trace,
            self._payer_name,
            self._payer_number,
            self._payee_npi,
            self._payee_name,
            f"{self._paid:f}" if self._exact else "",
            f"{self._adjusted:f}" if self._exact else "",
        )
        self.aside["x12_835_payment"].append((self._payment, *row))
        stated = self._money(self._amount)
        if whole and not self._exact:
            self.note(f"Payment {self._trace}: an amount cannot be read, so its sums are not known to tie.")
        elif whole and stated != claims and not (self._sign == "D" and -stated == claims):
            self.note(
                f"Payment {self._trace}: {stated} was paid (BPR02), but its claims less provider adjustments come to {claims}."
            )
        if whole and self._exact and self._unbalanced:
            self.note(
                f"Payment {self._trace}: on {self._unbalanced} claims charge less adjustments is not what was paid (CLP04)."
            )

    def end_claim(self, whole: bool) -> None:
        """See `Transactions.end_claim`."""
        if not self._claim_open:
            return
        self._end_line()
        self._claim_open, self._loop = False, "after"
        self.claim_began = 0
        values = self._clp_values
        self._unbalanced += self._claim_left != self._money(values[4])
        shared = (
            str(self._payment),
            self._payer_name,
            self._payer_number,
            self._payee_npi,
            self._trace,
            self._date,
            str(self._claim_number),
            values[1],
            values[2],
            values[6],
            values[7],
            values[5],
            self._patient,
            self._received,
        )
        place = len(self.shared)
        self.shared.append(shared)
        own = (
            "claim",
            self._claim_segment,
            *[""] * 11,
            values[3],
            values[4],
            "",
            "",
            self._from,
            self._to,
            "",
            "",
            " ".join(self._claim_adjustments),
            " ".join(self._claim_remarks),
        )
        for row in self._lines:
            row[1] = place
        self.settle([[self._claim_number, place, *own], *self._lines], shared, whole)


@lru_cache(maxsize=1 << 16)
def _amount(text: str) -> Decimal | None:
    """An amount for the sums; None when it is none."""
    try:
        amount = Decimal(text.strip() or "0")
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < 10**12 else None
