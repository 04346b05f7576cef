"""The page cache: public pages are rendered once for each edition and kept (see `blog.editions`).

A view calls `keep` when its page is the same for every visitor. `cache.Pages` stands before Django,
answers what it keeps, and keeps what a view allowed. Nothing is ever deleted and nothing waits for
a time-out: a page is true as long as the editions are those that it was made from.
"""

from blog.pages.terms import keep

__all__ = ["keep"]
