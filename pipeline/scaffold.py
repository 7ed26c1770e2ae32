"""`new-check`: the two files of a new check, ready to be filled in."""

from __future__ import annotations

import re
from pathlib import Path

from .errors import UsageError

_SQL = """/*---
code: {code}
name: {name}
status: preview
since: {version}
severity: review
subject: claim_line
partition_by: patient_id
payers: all
direction: none
reads: [core.claim_line]
references:
  - {{title: "the document that states the rule", section: "where in it"}}
message: "{{procedure_code}}: say in one sentence what contradicts what."
fix: "Say what would clear it, and who must attest to it."
---
## What it checks
Every line that the rule applies to by code, payer and date.

## Why it matters
What happens when it goes wrong.

## Known limits
What the data cannot tell.

## How to answer it
What record clears it.
*/
select line_id, rendering_npi as provider_npi, payer_id, service_date,
  case when units > 99 then 'finding' else 'pass' end as verdict,
  null as reason,
  cast(0 as decimal(12, 2)) as amount_at_risk,
  'none' as amount_basis,
  case when units > 99 then {{procedure_code: procedure_code}} end as evidence
from core.claim_line
where not is_denied
"""

_CASES = """- case: flag_above
  why: the smallest example that the rule forbids
  given:
    claim_lines: |
      | procedure_code | units |
      | 97110          | 100   |
  expect: |
    | verdict | claim_id | line_number |
    | finding | C1       | 1           |
- case: pass_at_the_boundary
  why: the largest example that the rule allows
  given:
    claim_lines: |
      | procedure_code | units |
      | 97110          | 99    |
  expect: |
    | verdict |
    | pass    |
"""


def new_check(root: Path, code: str, name: str, version: str) -> list[Path]:
    """Write `sql/checks/<family>/CODE_name.sql` and its cases below `root` (a source tree); returns the two paths."""
    if not re.fullmatch(r"[A-Z]{3}\d{3}", code):
        raise UsageError(f"{code!r} is not a check code.", "A code is three capitals and three digits, such as UNT116.")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name):
        raise UsageError(f"{name!r} is not a check name.", "Say what is found, in lower case with hyphens.")
    folder = root / "sql" / "checks" / code[:3].lower()
    if not (root / "sql" / "checks").is_dir():
        raise UsageError("There is no folder sql/checks here.", "Run it in a source tree of claimaudit.")
    if list(folder.glob(f"{code}_*")):
        raise UsageError(f"The code {code} is taken.", "Codes are never used twice.")
    folder.mkdir(exist_ok=True)
    stem = f"{code}_{name.replace('-', '_')}"
    written = [folder / f"{stem}.sql", folder / f"{stem}.cases.yml"]
    written[0].write_text(_SQL.format(code=code, name=name, version=version), "utf-8")
    written[1].write_text(_CASES, "utf-8")
    return written
