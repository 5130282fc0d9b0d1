"""Inside one article: what a scrape saved twice is found, and one copy of it stays.

The rooms, in the order in which a text passes them:

    repair                  the text without the damage that can be mended
    header                  title, site, date and address, and where the body begins
    paragraphs              the body's lines
    repeats                 what stands twice: `linking` joins equal stretches into matches, `edges` ends them; `evidence`
    canonical               what is removed, for which kept letters:
        body, claims            what was found, measured by `differences` and `structure`
        blocks, rules           which claims are a scrape's repeat, by `calls`, `teasers` and `sameness`
        scattered               the same for single lines
        preference, settling    which side stays, by `soundness`, and what of the other goes; `removals`
        leftovers, accounts     what is left beside removed letters, and what comes back with it: sentences stay whole
    cut                     the kept spans: `seams` between letters, `merging` in reading order, `grounds` of removals
    layout                  the kept spans as one text
"""
