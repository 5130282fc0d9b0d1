"""A driver whose executors are, in turn, what each of the given programs starts in the place of Python: what it is told of them."""

import json
import os
import sys
from pathlib import Path

from clusters import builder

import dedup
from dedup.integrations.spark import clean, find_duplicates


def main(master, out, *programs):
    told = {}
    for program in programs:
        os.environ["PYSPARK_PYTHON"] = program
        spark = builder(master).config("spark.pyspark.python", program).config("spark.task.maxFailures", 1).getOrCreate()
        spark.sparkContext.setLogLevel("OFF")
        rows = spark.createDataFrame([(1, "a")], "id int, text string")
        told[program] = failure(find_duplicates, rows, "text")
        if len(told) == 1:
            cleaning = failure(clean(rows, "text").collect)[1]
        spark.stop()
    Path(out).write_text(json.dumps({"version": dedup.__version__, "told": told, "cleaning": cleaning}), encoding="utf-8")


def failure(function, *arguments):
    """The kind and words of the error."""
    try:
        function(*arguments)
    except Exception as error:  # noqa: BLE001 - which it is is what is asked
        return type(error).__name__, str(error)
    return "none", ""


if __name__ == "__main__":
    main(*sys.argv[1:])
