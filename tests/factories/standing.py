from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from metrics.standing.models import Rating, Round
from tests.factories.people import PersonFactory


class RoundFactory(DjangoModelFactory):
    class Meta:
        model = Round

    name = factory.Sequence(lambda n: f"Round {n}")
    opens = date(2020, 1, 1)
    closes = date(2100, 1, 1)


class RatingFactory(DjangoModelFactory):
    class Meta:
        model = Rating

    round = factory.SubFactory(RoundFactory)
    person = factory.SubFactory(PersonFactory)
    group = Rating.Group.STRATEGIST
    at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    answers = factory.LazyFunction(lambda: {"hub-rules": 4})
