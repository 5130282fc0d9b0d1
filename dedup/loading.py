"""Loading: what a short run of a command, and each process of a long one, spares while numba loads its first kernel."""

from __future__ import annotations

import gc
import sys

_UNUSED = ("scipy", "cffi")  # linear algebra and C declarations: 0.17 s of 1 s, and no kernel uses either


def load_compiler() -> None:
    """Numba is loaded, without what it would import to see whether it is there; for whoever imports that later it is."""
    if "numba.np.arraymath" in sys.modules or any(name in sys.modules for name in _UNUSED):
        return
    sys.modules.update(dict.fromkeys(_UNUSED))  # type: ignore[arg-type] # None: an import that fails
    gc.disable()  # what is imported stays: to look for garbage in it takes a twentieth of a short run
    try:
        import numba.np.arraymath  # noqa: F401 - it is what looks for SciPy
    finally:
        gc.freeze()  # nor later, whenever results are many
        gc.enable()
        for name in _UNUSED:
            del sys.modules[name]
