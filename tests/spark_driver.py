"""A driver that the tests start, kill and start again.

Master, input, partitions and ways in turn, the work folder of the first, and the file for what it found.
"""

import json
import sys
from pathlib import Path

from clusters import builder
from engine_rows import evidence

from dedup.integrations.spark import find_duplicates, gathered

WAYS = {"bins": 0, "one task": gathered.ROWS}


def main(master, source, partitions, ways, work, out):
    spark = builder(master).getOrCreate()
    rows, answers = spark.read.parquet(source), {}
    for way in ways.split(","):
        gathered.ROWS = WAYS[way]  # 0: as if the rows were many
        for number in map(int, partitions.split(",")):
            spark.conf.set("spark.sql.shuffle.partitions", number)
            frame = rows.repartition(number)
            found = find_duplicates(frame, "text", work=None if answers else work)
            kept = sorted(row["id"] for row in found.kept.select("id").collect())
            answers[f"{way}, {number}"] = {"evidence": evidence(found), "report": found.report, "kept": kept}
    Path(out).write_text(json.dumps(answers), encoding="utf-8")
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
