"""Where a comment stands: the page that shows it, for good, and its number as the fragment.

Neither changes once the number is given, so no counting is needed to find a comment's page.
"""

from blog.models import Post
from comments import numbers


def of(post: Post, path: str, *, in_window: bool) -> str:
    """The address of the comment at `path`, from the root of the site."""
    number = numbers.number_of(path)
    page = of_window(post, numbers.window(path)) if in_window else of_branch(post, number)
    return f"{page}#c{number}"


def of_window(post: Post, first: int) -> str:
    """The page that shows the top-level numbers `first` to `first` + 49; the post's own for 1."""
    if first == 1:
        return post.get_absolute_url()
    return f"{post.get_absolute_url()}comments/{first}-{first + numbers.WINDOW - 1}/"


def of_branch(post: Post, number: str) -> str:
    """The page of one comment and all answers to it."""
    return below(post.get_absolute_url(), number)


def below(here: str, number: str) -> str:
    """The same, of the post at the address `here`."""
    return f"{here}comments/{number}/"


def of_report(post: Post, number: str) -> str:
    """The page on which a reader reports one comment."""
    return f"{of_branch(post, number)}report/"
