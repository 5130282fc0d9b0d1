"""A driver that the tests start, kill and start again: master, input, work folder, and the file for what it found."""

import json
import sys
from pathlib import Path

from clusters import builder
from engine_rows import evidence

from dedup.integrations.spark import find_duplicates, gathered


def main(master, source, partitions, work, out):
    gathered.ROWS = 0  # as if the rows were many
    spark = builder(master).getOrCreate()
    found = find_duplicates(spark.read.parquet(source).repartition(int(partitions)), "text", work=work)
    kept = sorted(row["id"] for row in found.kept.select("id").collect())
    told = json.dumps({"evidence": evidence(found), "report": found.report, "kept": kept})
    Path(out).write_text(told, encoding="utf-8")
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
