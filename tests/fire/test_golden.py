"""The output of fixed inputs has one digest each a release: what changes one is a change that users are told of.

When this fails, say in CHANGELOG.md what comes out differently, and write the new digests: python tests/fire/test_golden.py
A case that is added later joins them then.
"""

import hashlib
import json
from pathlib import Path

import dedup

TESTS = Path(__file__).parent.parent
GOLDEN = Path(__file__).with_name("golden.json")


def inputs():
    """Name -> text: the seeds, and the cases whose output is agreed on."""
    texts = {path.name: path.read_bytes().decode() for path in sorted((TESTS.parent / "seeds").glob("*.txt"))}
    for path in sorted((TESTS / "cases").glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            if case.get("expect") == "pass" and isinstance(case.get("original"), str):
                texts[f"{path.stem}: {case['label']}"] = case["original"]
    return texts


def digest(said):
    """The first 48 bits of what was said."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def digests(texts):
    """A digest of what cleaning makes of each text, and of what is dropped of all of them together."""
    cleaned = zip(texts, dedup.clean_all(texts.values()), strict=True)
    said = {name: digest([result.text, [list(map(str, gone)) for gone in result.removed]]) for name, result in cleaned}
    gone = dedup.deduplicate(list(texts.values())).removed
    return {"cleaned": said, "dropped": digest([[one.row, one.kind, one.of, str(one.score)] for one in gone])}


def test_the_output_of_fixed_inputs_is_that_of_the_release():
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert golden["version"] == dedup.__version__, "a new release has new digests"
    texts = inputs()
    assert len(golden["cleaned"]) > 250
    assert golden["cleaned"].keys() <= texts.keys(), "a case is gone or has another name"
    now = digests({name: texts[name] for name in golden["cleaned"]})
    changed = [name for name, value in now["cleaned"].items() if value != golden["cleaned"][name]]
    assert not changed, "say in CHANGELOG.md what comes out differently, then write the new digests"
    assert now["dropped"] == golden["dropped"]


if __name__ == "__main__":
    golden = {"version": dedup.__version__, **digests(inputs())}
    GOLDEN.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
