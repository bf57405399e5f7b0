from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Every field of every form looks the same: label, help, control, error."""

    form_template_name = "django/forms/portal_form.html"
    field_template_name = "django/forms/portal_field.html"
