"""The output of a fixed input has one digest a release: what changes it is a change that users are told of.

When this fails, say in CHANGELOG.md what comes out differently, and write the new digest: python tests/fire/test_golden.py
"""

import hashlib
import json
from pathlib import Path

import dedup

TESTS = Path(__file__).parent.parent
GOLDEN = Path(__file__).with_name("golden.json")


def digests():
    """A digest of what cleaning makes of the seed and of each file of cases, and of what is dropped of all of them together."""
    texts = {"seed": [path.read_bytes().decode() for path in sorted((TESTS.parent / "seeds").glob("*.txt"))]}
    for path in sorted((TESTS / "cases").glob("*.json")):
        cases = [case for case in json.loads(path.read_text(encoding="utf-8")) if case.get("expect") == "pass"]
        texts[path.stem] = [case["original"] for case in cases if isinstance(case.get("original"), str)]
    said = {
        name: [[result.text, [list(map(str, gone)) for gone in result.removed]] for result in dedup.clean_all(some)]
        for name, some in texts.items()
    }
    rows = [text for some in texts.values() for text in some]
    said["dropped"] = [[gone.row, gone.kind, gone.of, str(gone.score)] for gone in dedup.deduplicate(rows).removed]
    return {
        name: hashlib.sha256(json.dumps(what, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
        for name, what in said.items()
    }


def test_the_output_of_a_fixed_input_is_that_of_the_release():
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert golden["version"] == dedup.__version__, "a new release has a new digest"
    assert digests() == golden["digests"], "say in CHANGELOG.md what comes out differently, then write the new digest"


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps({"version": dedup.__version__, "digests": digests()}, indent=1) + "\n", encoding="utf-8")
