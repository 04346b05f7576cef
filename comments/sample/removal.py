"""The button that removes the sample content."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from comments import sample


def view(request: HttpRequest) -> HttpResponse:
    """Says what would go; removes it by POST."""
    if not request.user.has_perm("blog.change_blog"):
        raise PermissionDenied
    extent = sample.extent()
    if request.method == "POST" and extent:
        sample.remove()
        messages.success(request, _("The sample content is gone. The blog is yours to fill."))
        return redirect("admin:index")
    context = admin.site.each_context(request) | {"title": _("Sample content"), "extent": extent}
    return TemplateResponse(request, "admin/sample_content.html", context)
