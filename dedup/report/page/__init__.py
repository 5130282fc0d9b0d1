"""The page that a run can be looked at in: evidence -> figures, charts, packed texts -> one HTML file without anything outside it.

`page` puts it together, `evidence` reads what the commands wrote, `charts` and `detection` make the pictures, `texts` packs
the texts that a reader may open. The template escapes all that came from articles; style and scripts are named by their
hashes in the page's Content-Security-Policy.
"""
