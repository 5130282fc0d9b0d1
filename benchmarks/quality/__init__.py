"""Whether what should stay stays and what should go goes, measured on cases whose truth is known.

articles (texts) -> layouts, damage, incomplete, negatives, templates (operators) -> generate (cases)
-> metrics (one outcome a case) -> report (tables). Run it with `python -m benchmarks.quality`.
"""
