"""distributed-curator on the rows of `engines.py`: its own call on `local[2]`, from Parquet to Parquet, after one small run.

    python3 -m venv other && other/bin/pip install 'pyspark<4' pandas pyarrow distributed-curator
    other/bin/python benchmarks/speed/curator.py corpus.jsonl --rows 50000

It needs PySpark 3.5, hence an environment of its own. What it keeps is counted by the `group` of the rows: `left` are rows that
repeat a kept one, `lost` groups of which no row is kept. Memory and processor time are those of the process tree.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path

from engines import WARM, cpu, family, memory, parquet


def main() -> None:
    """Print the line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--partitions", type=int, default=16)
    parser.add_argument("--warm", type=int, default=WARM, help="rows of the run that is not counted")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("| rows | seconds | CPU s | rows per CPU s | peak GB | kept | left | lost |\n|---|---|---|---|---|---|---|---|")
        print(measured(given.corpus, given.rows, given.partitions, given.warm, Path(folder)))


def measured(corpus: Path, rows: int, partitions: int, warm: int, folder: Path) -> str:
    """The line of one run."""
    from distributed_curator import get_jar_path, partition_aware_deduplicate
    from pyspark.sql import SparkSession

    logging.disable(logging.WARNING)
    parquet(corpus, rows, folder / "in")
    parquet(corpus, warm, folder / "warm")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").config("spark.jars", get_jar_path()).config("spark.driver.memory", "4g")
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": partitions, "spark.driver.bindAddress": "127.0.0.1"}
    settings["spark.driver.host"] = "127.0.0.1"
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")

    def run(source: str, out: str) -> None:
        frame = spark.read.parquet(str(folder / source)).withColumnRenamed("id", "doc_id").withColumnRenamed("body", "text")
        marked = partition_aware_deduplicate(spark, frame, num_partitions=partitions, is_input_doc_id_unique=True)
        marked.filter("not is_duplicate").drop("is_duplicate", "representative_id").write.parquet(str(folder / out))

    run("warm", "out-warm")
    peak, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.25):
            peak[0] = max(peak[0], memory(family(os.getpid())))

    watcher = threading.Thread(target=watch)
    watcher.start()
    started, used = time.time(), cpu()
    run("in", "out")
    seconds, used = time.time() - started, cpu() - used
    done.set()
    watcher.join()
    stay = {str(row["doc_id"]) for row in spark.read.parquet(str(folder / "out")).select("doc_id").collect()}
    spark.stop()
    with corpus.open("rb") as file:
        groups = {str(row["id"]): row["group"] for row in map(json.loads, islice(file, rows))}
    kept = [groups[name] for name in stay]
    cells = [f"{rows:,}", f"{seconds:.1f}", f"{used:.1f}", f"{rows / used:,.0f}", f"{peak[0] / 1e9:.2f}", f"{len(kept):,}"]
    cells += [f"{len(kept) - len(set(kept)):,}", f"{len(set(groups.values()) - set(kept)):,}"]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
