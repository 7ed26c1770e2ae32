"""The twin: a slow, obvious, row-by-row reference of the deterministic checks, written from the rules alone."""

from __future__ import annotations

from datetime import date

from . import bil, bil_more, cap, cov, doc, dxc, evl, flr, inj, mod, ncc, unt
from .model import Records, Reference, Verdict, build

CHECKS = (
    "UNT101 UNT102 UNT103 UNT104 UNT105 UNT106 UNT107 UNT108 UNT109 UNT110 UNT111 UNT112 "
    "MOD101 MOD102 MOD103 MOD104 MOD107 MOD108 MOD109 MOD110 CAP101 CAP102 CAP104 CAP105 "
    "BIL101 BIL102 BIL104 BIL105 NCC101 NCC102 NCC103 NCC201 NCC202 NCC301 NCC401 "
    "BIL103 BIL106 BIL107 BIL108 BIL109 BIL110 BIL112 "
    "INJ101 INJ102 INJ103 INJ104 INJ105 INJ106 INJ107 INJ108 INJ109 INJ110 "
    "COV101 COV102 COV103 COV104 "
    "DOC101 DOC102 DOC103 DOC104 DOC105 DOC106 DOC107 EVL101 EVL102 EVL103 EVL104 EVL105 FLR101 FLR102 FLR103 FLR104 DXC109 "
    "UNT113 UNT114 UNT115 CAP103 MOD105 MOD106 MOD111 MOD112 MOD113 MOD114 DXC101 DXC102 DXC103 DXC104 DXC105 DXC106 DXC107 DXC108 DXC110"
).split()


# checks whose verdicts are one for a line and a diagnosis
BY_DIAGNOSIS = "DXC101 DXC102 DXC103 DXC104 DXC105 DXC109".split()

# what no twin can be for, and why
WITHOUT: dict[str, str] = {}

FAMILIES = {
    "UNT": [unt], "MOD": [mod], "CAP": [cap], "BIL": [bil, bil_more], "NCC": [ncc], "DXC": [dxc], "DOC": [doc], "EVL": [evl], "FLR": [flr], "COV": [cov], "INJ": [inj],
}  # fmt: skip


def judge(
    records: Records, as_of: date | None, reference: Reference, codes: set[str] | None = None
) -> list[Verdict]:
    """Every verdict of every check in CHECKS on canonical text records, ordered by check and subject.

    `codes` leaves out the families that are not asked for.
    """
    world = build(records, as_of, reference)
    families = [
        family
        for name, several in FAMILIES.items()
        if not codes or any(code[:3] == name for code in codes)
        for family in several
    ]
    found = [verdict for family in families for verdict in family.judge(world)]
    return sorted(found, key=lambda verdict: (verdict.check_code, tuple(str(part) for part in verdict.key)))


__all__ = ["BY_DIAGNOSIS", "CHECKS", "Records", "Reference", "Verdict", "judge"]
