"""How each person wants the desk: on one page everybody changes their own, nobody another's."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from comments.models import Preference


class PreferenceForm(forms.ModelForm):
    class Meta:
        model = Preference
        fields = ["notices", "keys"]
        widgets = {"notices": forms.RadioSelect}


@admin.register(Preference)
class PreferenceAdmin(admin.ModelAdmin):
    """In the admin site for its address alone; the user tools link to it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list:
        own = self.admin_site.admin_view(self.own_view)
        return [path("", own, name="comments_preference_changelist")]

    def own_view(self, request: HttpRequest) -> HttpResponse:
        preference = Preference.objects.filter(user=request.user).first()
        form = PreferenceForm(
            request.POST or None, instance=preference or Preference(user=request.user)
        )
        if request.method == "POST" and form.is_valid():
            form.save()
            self.message_user(request, _("Saved."), messages.SUCCESS)
            return redirect("admin:comments_preference_changelist")
        context = self.admin_site.each_context(request)
        context |= {"title": _("Notices and keys"), "form": form}
        return TemplateResponse(request, "admin/comments/preference.html", context)
