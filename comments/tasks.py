"""What the worker does after the answer. Each is a row of the transaction that asks for it, so it
is neither lost nor done for nothing; each can run twice. `schedule` tries again what raised.
"""

from django_tasks import task

from comments import bulk, checks, learning


@task
def learn(comments: list[int]) -> None:
    """Brings the filters in step with what a moderator decided about these comments."""
    learning.learn(comments)


@task
def carry_out(decision: int) -> None:
    """Goes on with a decision about very many comments."""
    bulk.go_on(decision)


@task
def check(comment: int) -> None:
    """Asks Akismet about the comment."""
    checks.check(comment)


@task
def correct(comment: int) -> None:
    """Tells Akismet that it was wrong about the comment."""
    checks.send_correction(comment)


@task
def announce(comment: int) -> None:
    """Makes the notices of a comment that waits."""
    from comments import notices  # it asks for the next task

    notices.announce(comment)


@task(priority=-10)  # a mail server that does not answer holds nothing else up for long
def deliver(notice: int) -> None:
    """Sends a notice."""
    from comments import notices

    notices.deliver(notice)
