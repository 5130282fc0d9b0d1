"""Fails when pip-audit knows a hole in what is installed in an environment; says so where it knows nothing of it.

usage: python .ci/audit.py ENVIRONMENT
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path


def main(environment: str) -> int:
    """The exit code: 1 for a known hole, 0 for none, and for none that could be asked for."""
    installed = subprocess.run(
        [Path(environment) / "bin" / "pip", "list", "--format", "freeze", "--exclude", "article-dedup", "--exclude", "pip"],
        capture_output=True,
        text=True,
        check=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "requirements.txt"
        asked.write_text(installed.stdout, encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--format", "json", "--timeout", "10", "-r", asked]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        told = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        print("not audited: pip-audit could not ask its service:", *last)
        return 0
    known = [one for one in told if "vulns" in one]
    holes = [(one["name"], one["version"], hole["id"], hole["fix_versions"]) for one in known for hole in one["vulns"]]
    print(f"{len(known)} of {len(told)} packages audited, {len(holes)} holes known")
    for name, version, hole, fixed in holes:
        print(f"{name} {version}: {hole}, mended in {', '.join(fixed) or 'no version yet'}")
    if len(known) < len(told):
        print("not audited, as the service does not know this version:", *(one["name"] for one in told if "vulns" not in one))
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
