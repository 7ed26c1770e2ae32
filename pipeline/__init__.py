"""claimaudit: the internal coding audit of outpatient-therapy claims."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["Settings", "__version__", "open_run", "run_audit"]


def __getattr__(name: str) -> Any:
    # pandas and pyarrow load only when the Python interface is used: `claimaudit --help` stays quick
    if name == "Settings":
        from .settings import Settings

        return Settings
    if name in ("run_audit", "open_run"):
        from . import api

        return getattr(api, name)
    raise AttributeError(name)
