"""Rows with every kind of duplicate, and what an engine and one machine say of them in the same words."""

from texts import article, changed, chinese


def corpus(seeds=40):
    """Rows of every kind: near, equal, both, empty, short, near in chains; ids in no order."""
    rows = []
    for seed in range(seeds):
        one, two = article(seed), chinese(seed)
        texts = [
            one,
            changed(one, 0.05, seed),
            one.upper(),
            two,
            changed(two, 0.03, seed),
            changed(changed(one, 0.13, 1), 0.13, 2),
            "",
            "Yes.",
        ]
        texts += ["Yes!", "same prefix " * 8 + chr(97 + seed % 26) * 3, None]
        rows += [
            {"text": text, "date": f"2020-01-{1 + (seed * 7 + place) % 28:02}", "rank": (seed * 31 + place) % 17}
            for place, text in enumerate(texts)
        ]
    return [{"id": (number * 7919) % 100_003, **row} for number, row in enumerate(rows)]


def evidence(found):
    """What went, by id, as the one-machine run says it."""
    return [(row["id"], row["of"], row["old"], row["kind"], row["score"]) for row in found.removed.orderBy("id").collect()]


def expected(result):
    """The same of a one-machine run over rows sorted by id."""
    return [(gone.id, gone.of_id, gone.old, gone.kind, gone.score) for gone in result.removed]


def frame(spark, rows, partitions, ddl="id string, text string, date string, rank int"):
    """The rows in an order of their own, in so many partitions."""
    names = [part.split()[0] for part in ddl.split(", ")]
    return spark.createDataFrame([tuple(row[name] for name in names) for row in rows], ddl).repartition(partitions)
