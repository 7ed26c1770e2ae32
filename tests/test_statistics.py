"""The statistics of the provider patterns, written a second time: tails against 40-digit values, tests, ranks and permutations against plain
Python, and the promise that invented providers who differ by chance alone are hardly ever accused."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

import pytest

from claimaudit import catalog
from claimaudit.engine import Engine
from claimaudit.reference import load_reference

# Upper tails from mpmath with 40 digits: t as half the regularised incomplete beta function, normal as half erfc.
T_TAIL = [
    (0.0, 7.0, 0.5),
    (0.001, 3.0, 0.49963244748473047),
    (1.0, 1.0, 0.25),
    (-1.0, 1.0, 0.75),
    (2.5, 1.0, 0.1211189415908434),
    (12.706204736432095, 1.0, 0.024999999999495654),
    (0.9, 4.25, 0.20810027018298662),
    (2.776445105197793, 4.0, 0.025000000000000035),
    (-2.3, 11.5, 0.97946360301242131),
    (1.699127026533498, 29.0, 0.049999999999999976),
    (3.5, 29.0, 0.00076222315732730267),
    (4.25, 29.75, 9.6951116617676691e-5),
    (8.0, 29.0, 4.0062878248158514e-9),
    (1.2, 58.4, 0.1174924128356313),
    (1.3, 58.4, 0.09935430439122057),
    (5.0, 311.375, 4.7949905291073511e-7),
    (-0.25, 311.375, 0.59862389664388844),
    (3.9, 1000.0, 5.130808526730685e-5),
    (1.6, 9999.5, 0.054815087406433879),
    (4.5, 9999.5, 3.436050854075366e-6),
    (6.0, 100000.0, 9.8996472780088128e-10),
    (2.0, 1000000.0, 0.022750266925659604),
    (5.0, 1000000.0, 2.8669989354453708e-7),
]
NORMAL_TAIL = [
    (-9.0, 1.0),
    (-3.0, 0.99865010196836991),
    (-2.999, 0.99864566346627289),
    (-1.5, 0.93319279873114193),
    (-0.25, 0.59870632568292372),
    (0.0, 0.5),
    (0.25, 0.40129367431707628),
    (1.0, 0.15865525393145705),
    (1.6448536269514722, 0.050000000000000053),
    (1.959963984540054, 0.025000000000000014),
    (2.5, 0.0062096653257761352),
    (2.999, 0.0013543365337271067),
    (3.0, 0.0013498980316300945),
    (3.290526731491895, 0.00049999999999999963),
    (4.0, 3.1671241833119921e-5),
    (5.0, 2.8665157187919391e-7),
    (6.5, 4.0160005838591178e-11),
    (9.0, 1.1285884059538406e-19),
]

TABLES = (
    "core.pattern_period",
    "core.provider_visit",
    "core.provider_patient",
    "core.pattern_provider",
    "core.provider_metric",
    "core.provider_shift",
)
SHARES = ("kx_patients", "distinct_lines", "complex_evaluations")
MEASURES = ("minutes_per_visit", "allowed_per_patient", *SHARES)
RATE = 0.05


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as engine:
        load_reference(engine, [])
        yield engine


# Distribution functions -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("t", "df", "tail"), T_TAIL)
def test_t_tail(engine: Engine, t: float, df: float, tail: float) -> None:
    found = engine.value("select t_upper_tail(cast(? as double), cast(? as double))", [t, df])
    assert found == pytest.approx(tail, rel=5e-9, abs=1e-12 if df <= 10_000 else 2e-10)


@pytest.mark.parametrize(("z", "tail"), NORMAL_TAIL)
def test_normal_tail(engine: Engine, z: float, tail: float) -> None:
    found = engine.value("select normal_upper_tail(cast(? as double))", [z])
    assert found == pytest.approx(tail, rel=1e-12 if z > 3 else 1e-9, abs=1e-15)


# An invented discipline -----------------------------------------------------------------------------------------


def practise(engine: Engine, seed: int, providers: int, patients: int, busy: int = -1) -> None:
    """Lines of `providers` physical therapists with `patients` each, who differ by chance alone. Patients differ much more than their visits do:
    each has an own number of visits, units, an own mix of codes, and 59 on most of the lines or on hardly any. The provider `busy` has three
    times as many patients.

    Chance is md5 of the seed and what it decides, so that a world is the same everywhere.
    """
    known = catalog.tables()
    for name in ("core.claim_line", "core.payer", "core.provider", "core.run", "core.visit", "core.visit_service"):
        engine.create(known[name])
    engine.execute("create or replace temp macro chance(what) as (md5_number_lower(what) >> 11) / 9007199254740992.0")
    engine.execute("insert into core.run values ('simulated', date '2026-12-31', null, null)")
    engine.execute("insert into core.payer by name select 'M' as payer_id, true as uses_therapy_threshold")
    engine.execute(
        "insert into core.provider by name select cast(1000 + p as varchar) as npi, 'PT' as discipline from range(?) t(p)",
        [providers],
    )
    engine.execute(
        f"""create or replace temp table invented as
        select cast(1000 + p as varchar) as npi, p || '_' || q as patient,
          date '2025-01-01' + cast(floor(640 * chance('{seed} start ' || p || '_' || q)) as integer) as first_day,
          3 + cast(floor(18 * chance('{seed} many ' || p || '_' || q) * chance('{seed} few ' || p || '_' || q)) as integer) as visits,
          chance('{seed} heavy ' || p || '_' || q) as heavy, chance('{seed} kx ' || p || '_' || q) < 0.12 as has_kx,
          case when chance('{seed} pair ' || p || '_' || q) < 0.25 then 0.6 else 0.02 end as pair,
          chance('{seed} level ' || p || '_' || q) as level
        from range({providers}) t(p), range({3 * patients}) s(q) where q < {patients} or p = {busy}"""
    )
    engine.execute(
        f"""insert into core.claim_line by name
        with visit as (select *, unnest(range(visits)) as v from invented),
        line as (select *, unnest(range(3)) as l, patient || '_' || v as day from visit)
        select row_number() over () as line_id, patient as patient_id, 'M' as payer_id, npi as rendering_npi,
          first_day + cast(4 * v as integer) as service_date, false as date_span, true as is_therapy, false as is_denied, 'PT' as discipline,
          case when l = 2 and v = 0 then case when level < 0.3 then '97161' when level < 0.75 then '97162' else '97163' end
            when l = 0 then '97110' when l = 2 then '97530'
            when chance('{seed} code ' || day) < 0.35 + 0.3 * heavy then '97112' else '97140' end as procedure_code,
          case when l = 2 and v = 0 then 'untimed' else 'timed15' end as unit_type,
          case when l = 0 then 1 + cast(floor(2 * heavy + chance('{seed} units ' || day)) as integer) else 1 end as units,
          list_concat(['GP'], case when has_kx and v > 2 then ['KX'] else [] end,
            case when chance('{seed} 59 ' || day || '_' || l) < pair then ['59'] else [] end) as modifiers,
          cast(25 + 10 * chance('{seed} fee ' || day || '_' || l) as decimal(12, 2)) as allowed_amount
        from line
        where l < 2 or v = 0 or chance('{seed} third ' || day) < heavy"""
    )


def compare(engine: Engine) -> None:
    engine.create(catalog.tables()["core.modifier_set"])
    engine.execute(
        """insert into core.modifier_set by name
        select row_number() over () as modifier_set, modifiers from (select distinct modifiers from core.claim_line)"""
    )
    engine.execute(
        "update core.claim_line set modifier_set = s.modifier_set from core.modifier_set s where s.modifiers = claim_line.modifiers"
    )
    for name in TABLES:
        engine.build(catalog.tables()[name])


@pytest.fixture(scope="module")
def small(engine: Engine) -> Engine:
    """Twenty-four providers: some too small, one of another discipline, one with a code of its own from a month on."""
    practise(engine, 1, 24, 44)
    engine.execute("update core.provider set discipline = 'OT' where npi = '1003'")
    engine.execute("delete from core.claim_line where rendering_npi = '1004' and patient_id >= '4_2'")
    engine.execute(
        "update core.claim_line set procedure_code = '97530' where rendering_npi = '1005' and service_date >= date '2026-01-01' and procedure_code = '97110'"
    )
    engine.execute(
        "update core.claim_line set units = 2 * units where rendering_npi = '1006' and procedure_code = '97110'"
    )
    compare(engine)
    return engine


# Python's second opinion ----------------------------------------------------------------------------------------


def t_tail(t: float, df: float) -> float:
    """Upper tail of Student's t by Simpson's rule over the angle whose tangent is t / sqrt(df)."""
    low, steps = math.atan(abs(t) / math.sqrt(df)), 4000
    width = (math.pi / 2 - low) / steps

    def height(angle: float) -> float:
        return max(math.cos(angle), 0.0) ** (df - 1)

    total = height(low) + height(math.pi / 2)
    total += sum((4 if i % 2 else 2) * height(low + i * width) for i in range(1, steps))
    area = total * width / 3 * math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.lgamma(0.5))
    return area if t >= 0 else 1 - area


def ratio(pairs: Sequence[tuple[int, int]]) -> tuple[Fraction, Fraction]:
    """A ratio of two sums and its variance, the pairs (of patients) being the units."""
    below = sum(v for _, v in pairs)
    value = Fraction(sum(m for m, _ in pairs), below)
    return value, sum((m - value * v) ** 2 for m, v in pairs) / Fraction(len(pairs), 1) * Fraction(
        len(pairs) ** 2, (len(pairs) - 1) * below**2
    )


def benjamini_hochberg(p_values: dict[str, float]) -> dict[str, float]:
    """The step-up procedure as its authors describe it, as adjusted values."""
    ordered = sorted(p_values, key=lambda name: p_values[name], reverse=True)
    adjusted, least = {}, 1.0
    for place, name in enumerate(ordered):
        least = min(least, p_values[name] * len(ordered) / (len(ordered) - place))
        adjusted[name] = least
    # equal p-values have equal rank
    return {name: min(adjusted[other] for other in ordered if p_values[other] == p_values[name]) for name in ordered}


def observations(engine: Engine) -> dict[str, dict[str, list[tuple[int, int]]]]:
    """Numerator and denominator by metric, provider and patient."""
    found: dict[str, dict[str, list[tuple[int, int]]]] = {name: defaultdict(list) for name in MEASURES}
    for row in engine.dicts("select * from core.provider_patient"):
        npi = row["provider_npi"]
        found["minutes_per_visit"][npi].append((row["minutes"], row["visits"]))
        found["allowed_per_patient"][npi].append((row["allowed_cents"], 1))
        found["kx_patients"][npi].append((int(row["has_kx"]), 1))
        found["distinct_lines"][npi].append((row["distinct_lines"], row["lines"]))
        if row["evaluations"]:
            found["complex_evaluations"][npi].append((row["complex_evaluations"], row["evaluations"]))
    return found


def test_p_values_and_ranks_are_those_of_plain_python(small: Engine) -> None:
    disciplines = dict(small.rows("select npi, discipline from core.provider"))
    expected: dict[str, float] = {}
    for metric, by_provider in observations(small).items():
        for npi, own in by_provider.items():
            peers = {
                other: pairs
                for other, pairs in by_provider.items()
                if other != npi and disciplines[other] == disciplines[npi]
            }
            theirs = [pair for pairs in peers.values() for pair in pairs]
            if len(own) < 30 or len(peers) < 5 or len(theirs) < 30:
                continue
            (value, a), (peer, b) = ratio(own), ratio(theirs)
            df = (a + b) ** 2 / (a**2 / (len(own) - 1) + b**2 / (len(theirs) - 1))
            p = t_tail(float(value - peer) / math.sqrt(a + b), float(df))
            if metric in SHARES:
                n, m = sum(v for _, v in own), sum(v for _, v in theirs)
                both = Fraction(sum(x for x, _ in own) + sum(x for x, _ in theirs), n + m)
                z = float(value - peer) / math.sqrt(both * (1 - both) * (Fraction(1, n) + Fraction(1, m)))
                p = max(p, math.erfc(z / math.sqrt(2)) / 2)
            expected[f"{metric} {npi}"] = p
    rows = {
        f"{row['metric']} {row['provider_npi']}": row
        for row in small.dicts("select * from core.provider_metric where obstacle is null")
    }
    assert rows.keys() == expected.keys()
    assert {row["tests"] for row in rows.values()} == {len(expected)}
    for name, row in rows.items():
        assert float(row["p_value"]) == pytest.approx(expected[name], abs=2e-9), name
    adjusted = benjamini_hochberg({name: float(row["p_value"]) for name, row in rows.items()})
    for name, row in rows.items():
        assert float(row["q_value"]) == pytest.approx(adjusted[name], abs=2e-9), name
        assert row["is_above"] == (adjusted[name] <= RATE)
    assert [name for name, row in rows.items() if row["is_above"]] == ["minutes_per_visit 1006"]


def test_who_is_not_compared(small: Engine) -> None:
    obstacles = small.rows(
        "select provider_npi, obstacle, count(*) from core.provider_metric where obstacle is not null group by all order by all"
    )
    assert obstacles == [("1003", "peers", 5), ("1004", "patients", 5)]


def test_peers_are_shown_without_small_cells(small: Engine) -> None:
    dots, npis = small.rows(
        "select peer_values, peers from core.provider_metric where metric = 'minutes_per_visit' and provider_npi = '1006'"
    )[0]
    assert npis == 22, "all physical therapists but this one"
    patients = small.value("select patients from core.pattern_provider where provider_npi = '1004'")
    assert len(dots) == (npis if patients >= 11 else npis - 1)
    assert dots == sorted(dots)
    assert small.value("select count(*) from core.provider_metric where not is_above and peer_values is not null") == 0


def _explained(months: Sequence[int], side: int) -> float:
    """The largest part of the variation of a series that one split explains."""
    count, total = len(months), sum(months)
    variation = Fraction(sum(x * x for x in months)) - Fraction(total * total, count)
    best = Fraction(0)
    for k in range(side, count - side + 1):
        before = sum(months[:k])
        between = Fraction(before**2, k) + Fraction((total - before) ** 2, count - k) - Fraction(total**2, count)
        best = max(best, between / variation)
    return round(float(best), 9)


def _order(permutation: int, count: int) -> list[int]:
    def key(place: int) -> int:
        return int.from_bytes(hashlib.md5(f"{permutation} {place}".encode()).digest()[8:], "little")

    return sorted(range(1, count + 1), key=key)


def test_permutations_are_those_of_plain_python(small: Engine) -> None:
    """For the provider whose code changed, and for one who only differs by chance."""
    for npi in ("1005", "1000"):
        row = small.dicts("select * from core.provider_shift where provider_npi = ?", [npi])[0]
        visits: dict[date, int] = defaultdict(int)
        units: dict[date, int] = defaultdict(int)
        for day, timed in small.rows(
            "select service_date, timed_units from core.provider_visit where provider_npi = ?", [npi]
        ):
            visits[day.replace(day=1)] += 1
            units[day.replace(day=1)] += 15 * int(timed)
        months = sorted(month for month, number in visits.items() if number >= 10)
        lines: dict[tuple[date, str], int] = defaultdict(int)
        for day, code in small.rows(
            "select service_date, procedure_code from core.claim_line where rendering_npi = ?", [npi]
        ):
            lines[day.replace(day=1), code] += 1
        whole = {month: sum(n for (m, _), n in lines.items() if m == month) for month in months}
        series = [[round(1_000_000 * units[m] / visits[m]) for m in months]]
        for code in sorted({code for _, code in lines}):
            part = [round(1_000_000 * lines[m, code] / whole[m]) for m in months]
            series += [part] * (sum(share >= 100_000 for share in part) >= 3)
        observed = max(_explained(one, 3) for one in series)
        assert row["months"] == len(months)
        assert float(row["explained"]) == observed
        ranges = {39: (1, 39), 999: (40, 1038), 9999: (1039, 11037)}
        # the last step alone is too long for exact fractions; what comes before it says as much
        first, last = ranges[min(row["permutations"], 999)]
        as_large = 0
        for permutation in range(first, last + 1):
            order = _order(permutation, len(months))
            as_large += max(_explained([one[place - 1] for place in order], 3) for one in series) >= observed
        p = (1 + as_large) / (2 + last - first)
        if row["permutations"] < 9999:
            assert float(row["p_value"]) == pytest.approx(p, abs=1e-9)
        else:
            assert p <= 0.005


def test_a_planted_shift_is_found_with_its_month(small: Engine) -> None:
    found = small.dicts("select * from core.provider_shift where is_shift order by p_value")
    # the second is chance (its q is 0.039), as the rate of false discoveries allows
    assert [row["provider_npi"] for row in found] == ["1005", "1015"]
    assert found[0]["shift_month"] == date(2026, 1, 1)
    assert found[0]["series"] in ("97110", "97530")
    adjusted = benjamini_hochberg(
        {
            npi: float(p)
            for npi, p in small.rows("select provider_npi, p_value from core.provider_shift where p_value is not null")
        }
    )
    for npi, q in small.rows("select provider_npi, q_value from core.provider_shift where q_value is not null"):
        assert float(q) == pytest.approx(adjusted[npi], abs=2e-9)


def test_neither_order_nor_threads_change_a_digit(small: Engine) -> None:
    """The same lines in another order, on one thread and on four."""
    tables = {name: small.rows(f"select * from {name} order by all") for name in TABLES}
    for threads in (1, 4):
        small.execute(f"set threads = {threads}")
        small.execute(f"create or replace table shuffled as from core.claim_line order by md5(line_id || '{threads}')")
        small.execute("delete from core.claim_line")
        small.execute("insert into core.claim_line from shuffled")
        compare(small)
        for name, rows in tables.items():
            assert small.rows(f"select * from {name} order by all") == rows, name


def test_a_loaded_peer_row_takes_the_place_of_the_data(small: Engine) -> None:
    """One-sample t test against its mean; for a share the chi-square test with its counts as well."""
    small.execute(
        """insert into ref.peer_value values
          ('minutes_per_visit', 'OT', date '2026-01-01', null, 900, 40000, 4000000, 100000, 'a table of OT peers'),
          ('kx_patients', 'OT', date '2026-01-01', null, 900, 40000, 100, 40000, 'a table of OT peers'),
          ('allowed_per_patient', 'OT', date '2026-01-01', null, 900, 40000, 10000000.00, 40000, 'a table of OT peers'),
          ('distinct_lines', 'OT', date '2020-01-01', date '2026-01-01', 900, 40000, 1, 40000, 'an old table')"""
    )
    try:
        compare(small)
        rows = {r["metric"]: r for r in small.dicts("select * from core.provider_metric where provider_npi = '1003'")}
        assert {name for name, row in rows.items() if row["obstacle"] is None} == {
            "minutes_per_visit",
            "kx_patients",
            "allowed_per_patient",
        }
        for name in ("minutes_per_visit", "kx_patients", "allowed_per_patient"):
            own = observations(small)[name]["1003"]
            value, variance = ratio(own)
            mean = {"minutes_per_visit": 40, "kx_patients": Fraction(1, 400), "allowed_per_patient": 25000}[name]
            p = t_tail(float(value - mean) / math.sqrt(variance), len(own) - 1)
            if name == "kx_patients":
                both = Fraction(sum(x for x, _ in own) + 100, len(own) + 40000)
                z = float(value - mean) / math.sqrt(both * (1 - both) * (Fraction(1, len(own)) + Fraction(1, 40000)))
                p = max(p, math.erfc(z / math.sqrt(2)) / 2)
            assert float(rows[name]["p_value"]) == pytest.approx(p, abs=2e-9), name
            assert rows[name]["peer_source"] == "a table of OT peers"
            assert rows[name]["peers"] == 900
    finally:
        small.execute("delete from ref.peer_value")
        compare(small)


# The promise ----------------------------------------------------------------------------------------------------

PLANTED = {
    "1000": ("minutes_per_visit", "units = units + 1 where rendering_npi = '1000' and procedure_code in ('97110', '97530')"),
    "1001": ("kx_patients", "modifiers = list_append(modifiers, 'KX') where rendering_npi = '1001' and chance(patient_id) < 0.5"),
    "1002": ("allowed_per_patient", "allowed_amount = 2 * allowed_amount where rendering_npi = '1002'"),
    "1003": ("distinct_lines", "modifiers = list_append(modifiers, '59') where rendering_npi = '1003' and chance(patient_id) < 0.7"),
    "1004": ("complex_evaluations", "procedure_code = '97163' where rendering_npi = '1004' and procedure_code in ('97161', '97162') and chance(patient_id) < 0.8"),
}  # fmt: skip
SHIFTED = "procedure_code = '97530' where rendering_npi = '1005' and service_date >= date '2025-11-01' and procedure_code = '97110'"


@pytest.mark.slow
def test_chance_alone_hardly_ever_accuses(engine: Engine) -> None:
    """200 providers who differ by chance: at most 5 % of the runs may have any finding. Of 12 runs, more than 3 would come once in 446 times."""
    above = shifted = 0
    for seed in range(12):
        practise(engine, 1000 + seed, 200, 40)
        compare(engine)
        assert engine.value("select count(*) from core.provider_metric where obstacle is null") == 1000
        above += engine.value("select count(*) from core.provider_metric where is_above") > 0
        shifted += engine.value("select count(*) from core.provider_shift where is_shift") > 0
    assert above <= 3
    assert shifted <= 3


@pytest.mark.slow
def test_planted_outliers_are_found_among_two_hundred(engine: Engine) -> None:
    """Each planted pattern is found, and few others are: the rate of false discoveries is 5 %."""
    false = 0
    for seed in range(3):
        practise(engine, 2000 + seed, 200, 40, busy=5)
        for _, change in PLANTED.values():
            engine.execute(f"update core.claim_line set {change}")
        engine.execute(f"update core.claim_line set {SHIFTED}")
        compare(engine)
        found = set(engine.rows("select provider_npi, metric from core.provider_metric where is_above"))
        planted = {(npi, metric) for npi, (metric, _) in PLANTED.items()}
        assert planted <= found, planted - found
        # more units are more money, too
        false += len(found - planted - {("1000", "allowed_per_patient")})
        month = engine.rows("select provider_npi, shift_month from core.provider_shift where is_shift")
        assert ("1005", date(2025, 11, 1)) in month
        false += len(month) - 1
    assert false <= 3
