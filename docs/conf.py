"""How the pages become a site: `python -m sphinx -W docs site`."""

import dedup

project = "dedup"
author = "the dedup authors"
release = dedup.__version__
extensions = ["myst_parser"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "dedup"
html_copy_source = False
suppress_warnings = ["myst.header", "myst.xref_missing"]  # the README's links to files that are no pages: tests/test_docs.py holds them
