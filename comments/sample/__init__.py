"""The content that a new blog begins with, so that its owner sees what a conversation looks like.

`posts/*.toml` hold the posts and what is said under them, `pictures/` what they show. The blog
remembers what was made, so that one button removes it all.
"""

import shutil
import tomllib
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from blog.models import Blog, Category, Post, Tag, User
from comments import screening, submission
from comments.models import Comment

HERE = Path(__file__).parent
AUTHOR = {"name": "Ilse Marchetti", "email": "ilse@colloquy.example"}
PICTURES = "sample"  # their folder under MEDIA_ROOT
WHY = "Sample content"


@transaction.atomic
def load() -> None:
    """Makes the sample posts, their comments and their author, who cannot log in."""
    shutil.copytree(HERE / "pictures", settings.MEDIA_ROOT / PICTURES, dirs_exist_ok=True)
    author = User.objects.create_user(**AUTHOR)
    posts = [_post(tomllib.loads(path.read_text()), author) for path in sorted(_files())]
    blog = Blog.current()
    blog.sample_content = {
        "posts": [post.pk for post in posts],
        "users": [author.pk],
        "tags": list(Tag.objects.filter(posts__in=posts).values_list("pk", flat=True)),
        "categories": list(Category.objects.values_list("pk", flat=True)),
    }
    blog.save(update_fields=["sample_content"])


@transaction.atomic
def remove() -> None:
    """Removes what `load` made and everything said under it; the owner's own posts stay."""
    blog = Blog.current()
    made = blog.sample_content
    Post.objects.filter(pk__in=made.get("posts", [])).delete()
    User.objects.filter(pk__in=made.get("users", []), posts=None).delete()
    Tag.objects.filter(pk__in=made.get("tags", []), posts=None).delete()
    ours = Category.objects.filter(pk__in=made.get("categories", []))
    while (empty := ours.filter(posts=None, children=None)).exists():
        empty.delete()
    pictures = settings.MEDIA_ROOT / PICTURES
    transaction.on_commit(lambda: shutil.rmtree(pictures, ignore_errors=True))
    blog.sample_content = {}
    blog.save(update_fields=["sample_content"])


def extent() -> dict[str, int]:
    """How many posts and comments `remove` would remove; empty where there is nothing left."""
    posts = Post.objects.filter(pk__in=Blog.current().sample_content.get("posts", []))
    counts = posts.aggregate(posts=Count("pk", distinct=True), comments=Count("comments"))
    return counts if counts["posts"] else {}


def _files() -> list[Path]:
    return list((HERE / "posts").glob("*.toml"))


def _post(data: dict, author: User) -> Post:
    remarks, tags = data.pop("comments", []), data.pop("tags", [])
    category = data.pop("category", "")
    post = Post.objects.create(author=author, status=Post.Status.PUBLISHED, **data)
    post.tags.set([Tag.objects.get_or_create(name=name)[0] for name in tags])
    if category:
        post.categories.add(_category(category))
    for remark in remarks:
        _comment(post, remark)
    return post


def _category(path: str) -> Category:
    category = None
    for name in path.split(" / "):
        category, _made = Category.objects.get_or_create(name=name, parent=category)
    return category


def _comment(post: Post, remark: dict) -> None:
    sent = submission.Submission(
        post=post,
        parent=post.comments.numbered(remark.get("answers", "")).first(),
        user=post.author if remark.get("by_author") else None,
        name=remark["name"],
        email=remark.get("email", post.author.email),
        url=remark.get("url", ""),
        body=remark["body"],
    )
    reasons = screening.judge(sent, Blog.current()).reasons
    verdict = screening.Verdict(Comment.Status.PENDING, reasons)
    comment = submission.store(sent, verdict)
    this = Comment.objects.filter(pk=comment.pk)
    status = remark.get("status", "published")
    first_day = remark["created_at"] if status != "pending" else None
    this.update(created_at=remark["created_at"], published_at=first_day)
    if status != "pending":
        this.publish(by=None, why=WHY)
    if status == "removed":
        this.remove(by=None, why=WHY)
