from django.db import models

from comments.models.comment import Comment


class Link(models.Model):
    """A domain that a comment links to, in its words or as its writer's website.

    Where that is a host below a registrable domain, there is one for either; see `sites`.
    """

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="links")
    domain = models.CharField(max_length=253)

    class Meta:
        default_permissions = []
        constraints = [models.UniqueConstraint(fields=["comment", "domain"], name="link_once")]
        indexes = [models.Index(fields=["domain", "-comment"], name="link_domain")]

    def __str__(self) -> str:
        return self.domain
