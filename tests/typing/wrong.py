"""What a type checker has to refuse: each line that ends in `# wrong`, and no other."""

from __future__ import annotations

import dedup

dedup.clean(7)  # wrong
DRAFT = dedup.clean("a").txt  # wrong
dedup.clean("a").text = "b"  # wrong
dedup.clean_all("a", workers="2")  # wrong
dedup.deduplicate(["a"], keep="best")  # wrong
dedup.deduplicate([1, 2])  # wrong
dedup.Config(near=dedup.Near(treshold=0.9))  # wrong
dedup.Config(keep="longest").keep = "first"  # wrong
dedup.Index().find(b"a")  # wrong
