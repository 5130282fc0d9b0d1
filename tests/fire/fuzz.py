"""Fuzz one of the targets, guided by the branches that are taken: `python tests/fire/fuzz.py header -max_total_time=600 [corpus]`.

Needs atheris (`pip install atheris`). What breaks a target is written to `crash-…`; it belongs in `cases/TARGET/` then.
"""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module
from pathlib import Path

import atheris

import dedup.kernels

for module in pkgutil.iter_modules(dedup.kernels.__path__, "dedup.kernels."):
    import_module(module.name)  # before the others: what numba compiles must stay as it is
sys.path.insert(0, str(Path(__file__).parent))
with atheris.instrument_imports(include=["dedup"]):
    from targets import TARGETS


def main() -> None:
    """Run until the time is up or a target breaks."""
    name, *rest = sys.argv[1:]
    cases = Path(__file__).parent / "cases" / name
    for seed in (Path(__file__).parent.parent.parent / "seeds").glob("*.txt"):
        TARGETS[name](seed.read_bytes())  # what is compiled is compiled before the clock of the first input runs
    atheris.Setup([sys.argv[0], "-timeout=20", "-rss_limit_mb=2500", *rest, *([str(cases)] if cases.is_dir() else [])], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
