from typing import Any

from django.core.management.base import BaseCommand

from coe_portal.core import catalogues


class Command(BaseCommand):
    help = "Bring the catalogues in locale/ up to date with every string that is marked for translation."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        marked = catalogues.collect()
        for language in catalogues.languages():
            path = catalogues.catalogue_path(language)
            catalogue = catalogues.merged(catalogues.read(path), marked)
            catalogues.replace(path, catalogues.text_of(catalogue))
            empty = sum(catalogues.is_empty(message) for message in catalogue if message.id)
            self.stdout.write(f"{language}: {len(catalogue)} strings, {empty} to translate in {path}")
        catalogues.compile_all()
