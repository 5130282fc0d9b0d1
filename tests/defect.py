"""Articles with the defect of the seeds: the body in one piece, then in paragraphs."""

from texts import article, changed

BODY = [article(1, 30), article(2, 30)]
CLEAN = "\n".join(BODY)
DOUBLE = "".join(BODY) + "\n" + CLEAN
TEXTS = [DOUBLE, None, article(3), changed(article(3), 0.02), "", article(3).upper()]
CLEANED = [CLEAN, *TEXTS[1:]]
STAY = [0, 1, 2, 4]  # of both, with keep="first"
