"""A classifier of comment spam that learns from this blog's own decisions, and from nothing else.

`features` says what it looks at, `model` how it judges, `calibration` how sure it may be,
`learning` keeps it all in the database, `evaluation` measures it. See docs/classifier.md.
"""
