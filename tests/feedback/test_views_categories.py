import pytest
from django.db import IntegrityError, transaction

from coe_portal.search.actions import refresh
from coe_portal.search.models import SearchDocument
from feedback.models import RESERVED_SLUGS, Category
from feedback.urls import urlpatterns
from tests.factories.feedback import CategoryFactory
from tests.factories.people import AudienceFactory


def values(audience, **changes):
    return {
        "name": "Spring fair",
        "slug": "spring-fair",
        "description": "All about the fair.",
        "audience": audience.pk,
        "starters": "everyone",
        "position": 30,
    } | changes


def test_a_strategist_opens_a_category(sign_in, strategist, everyone):
    client = sign_in(strategist)
    client.get("/feedback/")

    response = client.post("/feedback/categories/new/", values(everyone))

    assert response.url == "/feedback/spring-fair/"
    assert Category.objects.get().name == "Spring fair"


def test_the_new_category_is_on_the_index_at_once(sign_in, strategist, everyone, django_capture_on_commit_callbacks):
    client = sign_in(strategist)
    client.get("/feedback/")

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/feedback/categories/new/", values(everyone))

    assert "Spring fair" in client.get("/feedback/").content.decode()


def test_another_audience_counts_in_search_at_once(sign_in, strategist, employee, discussion, room):
    refresh("topic", [discussion.pk])
    team = AudienceFactory(name="Team")
    team.people.add(strategist)

    sign_in(strategist).post(f"/feedback/categories/{room.pk}/", values(team, slug="everyday"))

    assert [each.audience for each in SearchDocument.objects.all()] == [team]
    assert sign_in(employee).get("/feedback/everyday/").status_code == 404


def test_nobody_gives_a_room_to_an_audience_of_others(sign_in, strategist, everyone):
    response = sign_in(strategist).post("/feedback/categories/new/", values(AudienceFactory()))

    assert list(response.context["form"].errors) == ["audience"]


def test_categories_of_others_are_not_changed(sign_in, strategist, closed_room, everyone):
    assert sign_in(strategist).get(f"/feedback/categories/{closed_room.pk}/").status_code == 404
    assert sign_in(strategist).post(f"/feedback/categories/{closed_room.pk}/", values(everyone)).status_code == 404


def test_a_reserved_word_is_refused_on_the_page_and_in_the_database(sign_in, strategist, everyone):
    response = sign_in(strategist).post("/feedback/categories/new/", values(everyone, slug="ask"))
    assert list(response.context["form"].errors) == ["slug"]

    with pytest.raises(IntegrityError), transaction.atomic():
        CategoryFactory(slug="ask", audience=everyone)


def test_every_address_below_feedback_is_reserved():
    first_words = {str(each.pattern).partition("/")[0] for each in urlpatterns}

    assert {word for word in first_words if word and "<" not in word} <= set(RESERVED_SLUGS)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_makes_constant_queries(sign_in, strategist, everyone, rows, django_assert_num_queries):
    CategoryFactory.create_batch(rows, audience=everyone)
    client = sign_in(strategist)
    client.get("/feedback/stories/")

    with django_assert_num_queries(1):
        client.get("/feedback/categories/")
