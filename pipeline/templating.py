"""The Jinja environment of the pages: the only module that imports jinja2.

Every value is escaped. Only `prose` and the constants of this module are markup, and `prose` escapes before marking up.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from .resources import template_root

_MONTHS = "January February March April May June July August September October November December".split()
_CENT = Decimal("0.01")


def money(value: Decimal | int | float | str | None) -> str:
    """Dollars and cents, "$1,702.00"; "unknown" for None."""
    if value is None:
        return "unknown"
    amount = (value if isinstance(value, Decimal) else Decimal(str(value))).quantize(_CENT, ROUND_HALF_UP)
    return f"{'−' if amount < 0 else ''}${abs(amount):,.2f}"


def count(value: int | Decimal | None) -> str:
    """A whole number with thousands separated, or the shortest form of a decimal number."""
    if type(value) is int:
        return f"{value:,}" if abs(value) > 999 else str(value)
    if value is None:
        return "unknown"
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 as "3.2 %", the space unbreakable; a small one gets a digit more; "none" for None."""
    if value is None:
        return "none"
    return f"{100 * value:.{digits + 1 if 0 < value < 0.001 else digits}f}\u00a0%"


def day(value: date | None) -> str:
    """A date as "18 March 2026"."""
    return "undated" if value is None else f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def month(value: date, short: bool = False) -> str:
    """A month as "March 2026", or "Mar" when short."""
    name = _MONTHS[value.month - 1]
    return name[:3] if short else f"{name} {value.year}"


def masked(patient_id: str | None) -> str:
    """The last four characters of an identifier, never more than half of it: "…4471", which no line breaks (U+2060 after the dots)."""
    if not patient_id:
        return "not named"
    shown = max(1, min(4, len(patient_id) // 2))
    return "…\u2060" + patient_id[-shown:]


def plural(number: int, singular: str, plural_form: str | None = None) -> str:
    """ "1 line", "4,040 lines"."""
    return f"{number:,} {singular if number == 1 else plural_form or singular + 's'}"


_CAPITALS = frozenset({"kx", "npi", "cms", "cpt", "icd", "jw", "jz", "cq", "co", "id", "mac", "pt", "ot", "slp"})


@cache
def words(name: str) -> str:
    """A kebab-case or snake_case name as words with a capital: "Threshold exceeded without KX"."""
    text = " ".join(word.upper() if word in _CAPITALS else word for word in re.split(r"[-_\s]+", name.strip()))
    return text[:1].upper() + text[1:]


def inner(text: str) -> str:
    """Words for the middle of a sentence: only a first capital that stands alone is lowered."""
    return text if text[1:2].isupper() or text[1:2].isdigit() else text[:1].lower() + text[1:]


def page_name(npi: str) -> str:
    """An identifier as a file name without extension: what is no letter or digit becomes -hex, and what is too long for a name ends in a digest."""
    name = re.sub(r"[^0-9A-Za-z]", lambda match: "".join(f"-{byte:02x}" for byte in match[0].encode()), npi) or "-"
    return name if len(name) <= 120 else f"{name[:80]}--{hashlib.sha256(npi.encode()).hexdigest()[:16]}"


def clipped(text: str | None) -> str | None:
    """A name at a length that a table can hold: what is longer than 120 characters ends in an ellipsis."""
    return text if text is None or len(text) <= 120 else f"{text[:119]}…"


_BLOCK = re.compile(r"\n[ \t]*\n")
_ITEM = re.compile(r"^[ \t]*(?:[-*]|\d+\.)[ \t]+")


def _inline(text: str) -> str:
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text)))
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", marked)


def _blocks(text: str) -> Iterator[str]:
    for block in _BLOCK.split(text.strip()):
        lead: list[str] = []
        items: list[list[str]] = []
        ordered = False
        for line in block.splitlines():
            mark = _ITEM.match(line)
            if mark:
                ordered = ordered or mark[0].strip()[0].isdigit()
                items.append([line[mark.end() :]])
            elif items:
                items[-1].append(line)
            else:
                lead.append(line)
        if lead:
            yield f"<p>{_inline(' '.join(' '.join(lead).split()))}</p>"
        if items:
            tag = "ol" if ordered else "ul"
            listed = "".join(f"<li>{_inline(' '.join(' '.join(item).split()))}</li>" for item in items)
            yield f"<{tag}>{listed}</{tag}>"


@cache
def prose(text: str) -> Markup:
    """Paragraphs, lists, `code` and **bold** of Markdown; everything else stays the text it is."""
    return Markup("".join(_blocks(text)))


def first_paragraph(text: str) -> str:
    """The Markdown text up to its first blank line."""
    return _BLOCK.split(text.strip(), maxsplit=1)[0]


def _source(name: str) -> str:
    target = template_root()
    for part in name.split("/"):
        target = target / part
    return target.read_text("utf-8")


def digest(text: str) -> str:
    """The source expression of an inline element for a Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def inline(name: str) -> str:
    """A stylesheet or script of the templates as it stands between its tags."""
    return _source(name)


# Filters whose results are digits, spaces and names of months: nothing in them can be markup.
_FIGURES: dict[str, Any] = {"money": money, "count": count, "percent": percent, "day": day, "month": month}


def _is_figure(node: nodes.Expr | None) -> bool:
    """Whether an expression can only be text without markup, so that escaping it would change nothing."""
    if isinstance(node, nodes.Const):
        return str(escape(node.value)) == str(node.value)
    if isinstance(node, nodes.CondExpr):
        return _is_figure(node.expr1) and _is_figure(node.expr2)
    return isinstance(node, nodes.Filter) and node.name in _FIGURES


# Marks that turn the direction of what follows: a name must not rearrange the sentence that it stands in.
_TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_SHOWN = str.maketrans(dict.fromkeys(_TURNING, "\ufffd"))
_turns = re.compile(f"[{_TURNING}]").search


def _escaped(value: Any) -> str:
    """`escape` as text, turning marks made visible; most values have nothing to escape, and no object is made of them."""
    kind = type(value)
    if kind is str:
        # five searches of a string are faster than one of a pattern
        if not ("&" in value or "<" in value or ">" in value or "'" in value or '"' in value):
            return value if value.isascii() or not _turns(value) else value.translate(_SHOWN)
    elif kind is Markup:
        return value
    elif kind is int or kind is float or kind is Decimal:
        return str(value)
    return str(escape(value)).translate(_SHOWN)


class _Code(CodeGenerator):
    """Templates as Python that does the same with fewer calls: a page has a thousand figures, and nearly every value is a row's."""

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        if finalize.src is not None or frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("str(" if _is_figure(node) else "environment.escaped(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Any) -> None:
        self.write(f"(row[{node.attr!r}] if type(row := ")
        self.visit(node.node, frame)
        self.write(f") is dict and {node.attr!r} in row else environment.getattr(row, {node.attr!r}))")


class _Calls(Context):
    """Calls a macro at once: Jinja asks of each thing that is called what it wants to be given, and a macro wants nothing."""

    def call(__self, __obj: Any, *args: Any, _block_vars: Any = None, _loop_vars: Any = None, **kwargs: Any) -> Any:
        if type(__obj) is Macro:
            return __obj(*args, **kwargs)
        return super().call(__obj, *args, _block_vars=_block_vars, _loop_vars=_loop_vars, **kwargs)


class _Rows(Environment):
    """Reads `row.name` from a dictionary first, as nearly every value of the pages is a row."""

    code_generator_class = _Code
    context_class = _Calls
    escaped = staticmethod(_escaped)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


@cache
def environment() -> Environment:
    """The environment, its templates compiled once per process."""
    env = _Rows(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=-1,
        auto_reload=False,
    )
    filters: dict[str, Any] = {
        **_FIGURES,
        "masked": masked,
        "clipped": clipped,
        "plural": plural,
        "words": words,
        "inner": inner,
        "page_name": page_name,
        "prose": prose,
    }
    env.filters.update(filters)
    return env


def style(foot: str) -> dict[str, Any]:
    """`css` and `policy` of a page: the stylesheet with the foot of a printed page, and the policy that lets this style in and nothing else."""
    css = inline("style.css").replace("__FOOT__", re.sub(r"[^\w. -]", "", foot))
    policy = f"default-src 'none'; style-src '{digest(css)}'; base-uri 'none'; form-action 'none'"
    return {"css": trusted(css), "policy": policy}


def macro(template: str, name: str) -> Any:
    """A macro, to be called once for what many pages repeat; it returns markup."""
    return getattr(environment().get_template(template).module, name)


def trusted(text: str) -> Markup:
    """Our own stylesheet or script, to stand unescaped in a page."""
    return Markup(text)


def render(template: str, **values: Any) -> bytes:
    """A page as UTF-8 bytes; an undefined name is an error."""
    return environment().get_template(template).render(**values).encode()
