"""Steps in datatrove's local executor, with its own readers and writers; ids and metadata come through."""

import gzip
import json

import pytest
from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from defect import CLEANED, TEXTS
from texts import article

import dedup
from dedup.integrations.datatrove import Clean, DropDuplicates

ROWS = [
    {"id": f"row {number}", "text": text, "place": number, "of": {"deep": [number]}}
    for number, text in enumerate(TEXTS)
    if text is not None
]


def written(folder):
    files = sorted(folder.glob("*.jsonl.gz"))
    return [json.loads(line) for file in files for line in gzip.decompress(file.read_bytes()).decode().splitlines()]


@pytest.fixture
def source(tmp_path):
    (tmp_path / "in").mkdir()
    for part in range(2):
        lines = [json.dumps(row) + "\n" for row in ROWS[part::2]]
        (tmp_path / "in" / f"{part}.jsonl").write_text("".join(lines))
    return tmp_path / "in"


def run(steps, tmp_path, tasks=1):
    executor = LocalPipelineExecutor(pipeline=steps, tasks=tasks, workers=1, logging_dir=str(tmp_path / "logs"), skip_completed=False)
    return executor.run()


@pytest.mark.parametrize("tasks", [1, 2])
def test_documents_are_cleaned_and_keep_ids_and_metadata(source, tmp_path, tasks):
    stats = run([JsonlReader(str(source)), Clean(), JsonlWriter(str(tmp_path / "out"))], tmp_path, tasks)
    rows = sorted(written(tmp_path / "out"), key=lambda row: row["metadata"]["place"])
    given = [row for row in ROWS if row["text"]]  # datatrove's reader leaves empty texts out
    assert [row["text"] for row in rows] == [CLEANED[row["place"]] for row in given]
    assert [row["id"] for row in rows] == [row["id"] for row in given]
    assert [row["metadata"]["of"] for row in rows] == [row["of"] for row in given]
    counts = stats.stats[1].stats
    assert (counts["total"].total, counts["changed"].total) == (len(given), 1)
    assert counts["removed"].total == dedup.clean(TEXTS[0]).removed[0].span[1] - dedup.clean(TEXTS[0]).removed[0].span[0]


def test_what_others_repeat_goes_with_the_evidence(source, tmp_path):
    steps = [
        JsonlReader(str(source)),
        Clean(),
        DropDuplicates(keep="first", exclusion_writer=JsonlWriter(str(tmp_path / "gone"))),
        JsonlWriter(str(tmp_path / "out")),
    ]
    stats = run(steps, tmp_path)
    order = [row for part in range(2) for row in ROWS[part::2] if row["text"]]
    result = dedup.deduplicate([{**row, "text": CLEANED[row["place"]]} for row in order], keep="first")
    assert [row["id"] for row in written(tmp_path / "out")] == [row["id"] for row in result.kept]
    gone = written(tmp_path / "gone")
    assert [row["id"] for row in gone] == [duplicate.id for duplicate in result.removed]
    for row, duplicate in zip(gone, result.removed, strict=True):
        said = {name: row["metadata"][f"dedup_{name}"] for name in ("of", "score", "kind")}
        assert said == {"of": duplicate.of_id, "score": duplicate.score, "kind": duplicate.kind}
    assert len(gone) == 2
    assert stats.stats[2].stats["dropped"].total == 2


def test_several_tasks_that_would_miss_each_others_documents_are_refused():
    with pytest.raises(dedup.ConfigError, match="each of 2 tasks"):
        list(DropDuplicates().run(iter([Document("a", "1")]), 0, 2))


def test_policies_look_at_the_metadata():
    documents = [Document(article(1), str(day), metadata={"date": f"2024-05-0{day}"}) for day in (1, 3, 2)]
    assert [document.id for document in DropDuplicates("newest").run(iter(documents))] == ["3"]


def test_documents_are_read_lazily_in_order_and_stay_the_same_objects():
    given, read = [Document(text or "", str(number)) for number, text in enumerate(TEXTS * 20)], []

    def source():
        for document in given:
            read.append(document)
            yield document

    made = Clean().run(source())
    assert next(made) is given[0]
    assert len(read) < len(given)
    assert [document.text for document in made] == [text or "" for text in (CLEANED * 20)[1:]]
    assert list(Clean().run(iter([]))) == list(DropDuplicates().run(iter([]))) == []
