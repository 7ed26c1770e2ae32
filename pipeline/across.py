"""What one file says of the claim lines of another: the originals of replacements, and what remittances decided.

A whole run asks all files. A run that goes on asks those claims again that hang together, by number or patient, with a record that came or went, in a layer
with their lines as their own files state them; of the others nothing else can be said than before.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import catalog
from .engine import Engine

_LAYER = "layer_told"
_MADE = ("stg.original_claim", "stg.remittance_match", "stg.remittance_result", "stg.line_as_stated")
_LINE = "claim_line.file_id = o.file_id and claim_line.record_number = o.record_number"
_KEY = "using (file_id, record_number)"


def tell(engine: Engine) -> None:
    """Put what files say of one another's lines into `stg.claim_line`, and what the lines said themselves into `stg.line_as_stated`."""
    known = catalog.tables()
    state = f"insert into stg.line_as_stated select file_id, record_number, {', '.join(_told())} from stg.claim_line anti join stg.line_as_stated {_KEY} semi join"
    if _any(engine, "stg.line_control"):
        engine.build(known["stg.original_claim"])
        engine.execute(f"{state} stg.original_claim {_KEY}")
        engine.execute(
            f"update stg.claim_line set original_claim_id = o.original_claim_id from stg.original_claim o where {_LINE}"
        )
    if _any(engine, "stg.remittance_line where problem_mask = 0"):
        engine.build(known["stg.remittance_match"])
        engine.build(known["stg.remittance_result"])
        standing = "(from stg.remittance_result where state = 'stands' or taken_back)"
        engine.execute(f"{state} {standing} {_KEY}")
        engine.execute(
            f"""update stg.claim_line set line_status = o.line_status, paid_amount = coalesce(o.paid_amount, claim_line.paid_amount),
              allowed_amount = case when o.taken_back then null else coalesce(o.allowed_amount, claim_line.allowed_amount) end,
              carc_codes = o.carc_codes, rarc_codes = o.rarc_codes, processed_date = coalesce(o.payment_date, claim_line.processed_date)
            from {standing} o where {_LINE}"""
        )


def tell_again(engine: Engine, added: Sequence[int], gone: Sequence[int]) -> None:
    """The same where all but the files `added` were told before, and what is staged of the files `gone` stands in `temp.gone_<record>`.

    Leaves in `temp.told_otherwise` the patients of lines of which something else is said now.
    """
    engine.execute("create or replace temp table told_otherwise (patient_id varchar)")
    sources = ("stg.line_control", "stg.remittance_line", "stg.line_as_stated", "temp.gone_remittance_line")
    if not any(_any(engine, name) for name in sources):
        return
    own = f'"{engine.own_name}"'
    known = catalog.tables()
    told = _told()
    for name in _MADE:
        engine.execute(f"delete from {name} where file_id in ({', '.join(map(str, gone)) or 'null'})")
    _reach(engine, ", ".join(map(str, added)) or "null")
    with engine.above(_LAYER):
        stated = ", ".join(f"case when s.file_id is null then c.{name} else s.{name} end as {name}" for name in told)
        engine.create(known["stg.claim_line"])
        engine.execute(
            f"""insert into stg.claim_line select c.* replace ({stated})
            from {own}.stg.claim_line c left join {own}.stg.line_as_stated s {_KEY} where c.claim_id in (from temp.told_claim)"""
        )
        engine.execute(f"create table stg.line_control as from {own}.stg.line_control semi join stg.claim_line {_KEY}")
        engine.execute(
            f"""create table stg.remittance_line as from {own}.stg.remittance_line
            where claim_id in (from temp.told_claim) or payer_claim_id in (from temp.told_claim)"""
        )
        for name in _MADE:
            engine.create(known[name])
        tell(engine)
    for name in _MADE:
        asked = "remittance_line" if name == "stg.remittance_match" else "claim_line"
        engine.execute(
            f"""delete from {name} o where exists (from {_LAYER}.stg.{asked} n
            where n.file_id = o.file_id and n.record_number = o.record_number)"""
        )
        engine.execute(f"insert into {name} by name from {_LAYER}.{name}")
    values = [f"({', '.join(f'{place}.{name}' for name in told)})" for place in ("c", "n")]
    engine.execute(
        f"""create or replace temp table told_line as select n.* from {_LAYER}.stg.claim_line n join stg.claim_line c {_KEY}
        where {values[0]} is distinct from {values[1]}"""
    )
    engine.execute("insert into temp.told_otherwise select distinct patient_id from temp.told_line")
    engine.execute(
        f"update stg.claim_line set {', '.join(f'{name} = o.{name}' for name in told)} from temp.told_line o where {_LINE}"
    )
    for name in ("line", "claim", "patient"):
        engine.execute(f"drop table temp.told_{name}")
    engine.forget(_LAYER)


def _reach(engine: Engine, added: str) -> None:
    """The numbers of the claims to be asked, in `temp.told_claim`: of records that came or went, and of whatever shares a number or a patient with one of these."""
    line, remit = "stg.claim_line where problem_mask = 0 and", "stg.remittance_line where problem_mask = 0 and"
    engine.execute("create or replace temp table told_claim (claim_id varchar)")
    engine.execute("create or replace temp table told_patient (patient_id varchar)")
    # a payer that is called otherwise now may be the one that a remittance names, or no longer
    names = "select payer_id, upper(payer_name) from"
    before = f"({names} stg.payer where problem_mask = 0 and file_id not in ({added}) union {names} temp.gone_payer where problem_mask = 0)"
    now = f"({names} stg.payer where problem_mask = 0)"
    renamed = f"select payer_id from ((from {now} except from {before}) union all (from {before} except from {now}))"
    for column in ("claim_id", "original_claim_id"):
        _add(engine, "claim", f"select {column} from {line} file_id in ({added})")
        _add(engine, "claim", f"select {column} from temp.gone_claim_line where problem_mask = 0")
    for column in ("claim_id", "payer_claim_id"):
        _add(engine, "claim", f"select {column} from {remit} file_id in ({added})")
        _add(engine, "claim", f"select {column} from temp.gone_remittance_line where problem_mask = 0")
    _add(engine, "claim", f"select claim_id from {line} payer_id in ({renamed})")
    for place in (
        f"{line} file_id in ({added})",
        "temp.gone_claim_line",
        f"{remit} file_id in ({added})",
        "temp.gone_remittance_line",
    ):
        _add(engine, "patient", f"select patient_id from {place}")
    of_claims, of_patients = "in (from temp.told_claim)", "patient_id in (from temp.told_patient)"
    stated = "(select claim_id, original_claim_id from stg.claim_line where problem_mask = 0 union all select c.claim_id, s.original_claim_id from stg.line_as_stated s join stg.claim_line c using (file_id, record_number))"
    while sum((
        _add(engine, "patient", f"select patient_id from {line} claim_id {of_claims}"),
        _add(engine, "patient", f"select patient_id from {remit} (claim_id {of_claims} or payer_claim_id {of_claims})"),
        _add(engine, "claim", f"select claim_id from {line} {of_patients}"),
        _add(engine, "claim", f"select claim_id from {stated} where original_claim_id {of_claims}"),
        _add(engine, "claim", f"select original_claim_id from {stated} where claim_id {of_claims}"),
        *(
            _add(engine, "claim", f"select {column} from {remit} ({of_patients} or claim_id {of_claims} or payer_claim_id {of_claims})")
            for column in ("claim_id", "payer_claim_id")
        ),
    )):  # fmt: skip
        pass


def _add(engine: Engine, what: str, rows: str) -> int:
    """Add claims or patients to those that are asked; how many were not among them."""
    column, table = f"{what}_id", f"temp.told_{what}"
    before: int = engine.value(f"select count(*) from {table}")
    engine.execute(f"insert into {table} select distinct * from ({rows}) new({column}) where {column} is not null and {column} not in (from {table})")  # fmt: skip
    return int(engine.value(f"select count(*) from {table}")) - before


def _told() -> list[str]:
    """The columns of a claim line of which other files may say something."""
    return [column.name for column in catalog.tables()["stg.line_as_stated"].columns[2:]]


def _any(engine: Engine, rows: str) -> bool:
    return bool(engine.rows(f"select 1 from {rows} limit 1"))
