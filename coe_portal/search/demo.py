"""Words that mean the same at Riverbend Health, and what its people looked for in vain."""

from datetime import timedelta

from coe_portal.people.demo import DemoOrganisation
from coe_portal.search.misses import week_of
from coe_portal.search.models import MissedTerm, Synonym

SYNONYMS: tuple[tuple[list[str], list[str], str], ...] = (
    (["photo", "picture", "image", "snapshot"], [], ""),
    (["phi"], ["patient information", "protected health information"], ""),
    (["hipaa", "hippa"], ["patient privacy", "patient information"], ""),
    (["license", "licence"], [], "en"),
    (["email", "e-mail", "mail"], [], ""),
    (["boss", "supervisor", "manager"], [], "en"),
    (["reporter", "journalist", "press", "media"], [], "en"),
    (["rule", "policy"], [], "en"),
    (["consent", "permission", "authorisation", "authorization"], [], "en"),
    (["child", "children", "minor"], [], "en"),
    (["account", "channel"], [], "en"),
    (["fb"], ["facebook"], ""),
    (["ig", "insta"], ["instagram"], ""),
    (["tik tok", "tiktok"], [], ""),
    (["foto", "fotografía", "imagen"], ["photo", "picture"], "es"),
    (["enfermera", "enfermero", "personal de enfermería"], ["nurse"], "es"),
    (["paciente", "pacientes"], ["patient"], "es"),
    (["privacidad"], ["privacy"], "es"),
    (["contraseña"], ["password"], "es"),
    (["cuenta", "canal"], ["account", "channel"], "es"),
    (["licencia"], ["licence"], "es"),
    (["consentimiento", "permiso", "autorización"], ["authorisation", "consent", "permission"], "es"),
    (["reseña", "reseñas", "opinión"], ["review"], "es"),
    (["comentario", "comentarios"], ["comment"], "es"),
    (["niño", "niña", "niños", "menor", "menores"], ["child", "minor"], "es"),
    (["redes sociales", "red social"], ["social media"], "es"),
    (["política", "políticas", "norma", "regla"], ["policy", "rule"], "es"),
    (["curso", "capacitación"], ["course", "training"], "es"),
    (["publicar", "publicación"], ["post"], "es"),
    (["aprobar", "aprueba"], ["approve"], "es"),
    (["prensa", "periodista"], ["journalist", "reporter", "media"], "es"),
    (["emergencia", "urgencia"], ["emergency", "crisis"], "es"),
)
# Term, times and people of this week and the ones before.
MISSED: dict[str, tuple[tuple[int, int], ...]] = {
    "be real": ((14, 9), (11, 8), (6, 5)),
    "gofundme": ((9, 7), (4, 4)),
    "tattoo video": ((6, 4),),
    "discord server": ((5, 4), (7, 5), (3, 3)),
    "retirement party livestream": ((4, 3),),
    "parking permit": ((3, 3), (8, 6)),
}


def build(organisation: DemoOrganisation) -> None:
    Synonym.objects.bulk_create(
        Synonym(words=words, also=also, language=language) for words, also, language in SYNONYMS
    )
    monday = week_of(organisation.today)
    MissedTerm.objects.bulk_create(
        MissedTerm(term=term, week=monday - timedelta(weeks=ago), times=times, people=people)
        for term, weeks in MISSED.items()
        for ago, (times, people) in enumerate(weeks)
    )
