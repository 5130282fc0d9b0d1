"""What a start costs: `python -m benchmarks.speed.startup`, in processor seconds of processes of their own.

`import dedup`; `dedup clean seeds` where nothing is compiled yet, and then again; and what each kernel takes to compile, by numba's own
events, for the seeds and for a hundred articles. Kernels are kept in a folder that is empty at first.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

SEEDS = Path(__file__).parent.parent.parent / "seeds"
ROUNDS = 3


def seconds(arguments: list[str], cache: str) -> tuple[float, float]:
    """Processor time and wall clock of a process."""
    start = time.perf_counter()
    child = subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, *arguments], env={**os.environ, "NUMBA_CACHE_DIR": cache}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, arguments
    return used.ru_utime + used.ru_stime, time.perf_counter() - start


def compiled(articles: int) -> None:
    """Prints what each kernel takes to compile for so many articles; run in a process of its own, with an empty cache."""
    from numba.core.event import Event, Listener, register

    taken: dict[str, float] = defaultdict(float)
    open_ones: list[list[float]] = []

    class Clock(Listener):  # type: ignore[misc] # numba carries no types
        def on_start(self, event: Event) -> None:  # noqa: ARG002 - numba's signature
            open_ones.append([time.process_time(), 0.0])

        def on_end(self, event: Event) -> None:
            start, inner = open_ones.pop()
            whole = time.process_time() - start
            function = event.data["dispatcher"].py_func
            module = function.__module__
            name = f"{module.removeprefix('dedup.kernels.')}.{function.__name__}" if module.startswith("dedup") else "numba's own"
            taken[name] += whole - inner
            if open_ones:
                open_ones[-1][1] += whole

    register("numba:compile", Clock())
    import dedup

    seed = next(SEEDS.glob("*.txt")).read_text(encoding="utf-8")
    half = seed[len(seed) // 2 :]
    list(dedup.clean_all([seed, *(f"{half}\n{number}\n{half}\nA council met {number}." for number in range(articles - 1))]))
    print(json.dumps(dict(sorted(taken.items(), key=lambda pair: -pair[1]))))


def main() -> None:
    """Prints the tables."""
    if sys.argv[1:2] == ["--compile"]:
        compiled(int(sys.argv[2]))
        return
    print(f"load {os.getloadavg()[0]:.1f}; CPU s (wall clock s)")
    with tempfile.TemporaryDirectory() as folder:
        command = ["-m", "dedup", "clean", str(SEEDS), "-o", str(Path(folder, "cleaned"))]
        first = seconds(command, str(Path(folder, "kernels")))
        rounds = {"again": command, "import dedup": ["-c", "import dedup"], "nothing": ["-c", ""], "import numba": ["-c", "import numba"]}
        print(f"{'dedup clean seeds, first ever':32} {first[0]:6.2f} ({first[1]:.2f})", flush=True)
        for name, arguments in rounds.items():
            best = min(seconds(arguments, str(Path(folder, "kernels"))) for _ in range(ROUNDS))
            print(f"{name:32} {best[0]:6.2f} ({best[1]:.2f})", flush=True)
        for articles in (1, 100):
            environment = {**os.environ, "NUMBA_CACHE_DIR": str(Path(folder, str(articles)))}
            command = [sys.executable, "-m", "benchmarks.speed.startup", "--compile", str(articles)]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603 - ourselves
            taken = json.loads(done.stdout)
            print(f"\ncompiling for {articles} articles: {sum(taken.values()):.2f} CPU s")
            for name, own in list(taken.items())[:24]:
                print(f"  {name:32} {own:5.2f}", flush=True)


if __name__ == "__main__":
    main()
