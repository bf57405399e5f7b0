from datetime import timedelta

from feedback.actions import drafts
from feedback.models import Draft


def test_old_drafts_go_after_half_a_year(employee, now):
    drafts.keep(by=employee, place="ask", fields={"title": "Old"}, at=now)
    drafts.keep(by=employee, place="story", fields={"title": "Young"}, at=now + timedelta(days=2))

    drafts.drop_old(at=now + timedelta(days=181))

    assert [draft.place for draft in Draft.objects.all()] == ["story"]
