"""A made-up blog of any size, for measuring: the same seed makes the same one.

`shape` says who answers whom and what number it has, `wording` what is said, `people` who says it
from where, `records` makes the rows and `storing` puts them into the database.
"""
