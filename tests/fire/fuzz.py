"""Fuzz one of the targets, guided by the branches that are taken: `python tests/fire/fuzz.py header -max_total_time=600 [corpus]`.

Needs atheris (`pip install '.[fuzz]'`). What breaks a target is written to `crash-…`; it belongs in `cases/TARGET/` then. What found
new branches, once `-merge=1` has made it small, is kept by `python tests/fire/targets.py TARGET FOLDER` in `found/TARGET.txt`.
"""

from __future__ import annotations

import pkgutil
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import atheris

import dedup.kernels

for module in pkgutil.iter_modules(dedup.kernels.__path__, "dedup.kernels."):
    import_module(module.name)  # before the others: what numba compiles must stay as it is
sys.path.insert(0, str(Path(__file__).parent))
with atheris.instrument_imports(include=["dedup"]):
    from targets import TARGETS, found


def main() -> None:
    """Run until the time is up or a target breaks; begin with what earlier runs found."""
    name, *rest = sys.argv[1:]
    known = found(name)
    for data in known[:100]:
        TARGETS[name](data)  # what is compiled is compiled before the clock of the first input runs
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(known):
            (Path(folder) / str(number)).write_bytes(data)
        # New inputs go into the first folder that is named, which is the caller's own where there is one.
        atheris.Setup([sys.argv[0], "-timeout=20", "-rss_limit_mb=2500", *rest, folder], TARGETS[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
