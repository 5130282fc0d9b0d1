"""Draw `.github/terminal.svg`: what the command says about the real article in `seeds/`.

    python benchmarks/terminal.py

The same article and the same version give the same picture to the byte: the time a run takes is left out of it.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / ".github" / "terminal.svg"
WIDTH = 92


def main() -> None:
    """The picture stands in its place."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor", legacy_windows=False)
    seed = next((ROOT / "seeds").glob("*.txt")).relative_to(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        for shown, arguments in (
            ("dedup clean seeds -o cleaned", ["clean", "seeds", "-o", f"{folder}/cleaned"]),
            (f"head -4 cleaned/{seed.name}", None),
            (f"dedup explain {seed}", ["explain", str(seed)]),
        ):
            console.print(Text.assemble(("$ ", "bold green"), (shown, "bold")), soft_wrap=True)
            said = (
                "".join(Path(folder, "cleaned", seed.name).read_text("utf-8").splitlines(keepends=True)[:4])
                if arguments is None
                else run(arguments)
            )
            console.print(Text.from_ansi(said.rstrip()), overflow="fold")
            console.print()
    svg = console.export_svg(title="dedup", theme=MONOKAI, unique_id="dedup")
    # The fonts of the reader's machine do; nothing is fetched for a picture.
    PICTURE.write_text(re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL), encoding="utf-8")


def run(arguments: list[str]) -> str:
    """What the command writes, with the colours of a terminal."""
    env = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    command = [str(Path(sys.executable).with_name("dedup")), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=True)  # noqa: S603 - our own command
    return re.sub(r" \(\d+\.\d s\)", "", (done.stdout + done.stderr).decode())


if __name__ == "__main__":
    main()
