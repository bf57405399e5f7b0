import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coe_portal.outbox.models import QueuedJob
from coe_portal.people.access import Role
from metrics.imports.models import Upload
from metrics.tasks import import_upload
from tests.factories.channels import ChannelFactory
from tests.factories.people import DepartmentFactory, person_with
from tests.metrics.imports.test_actions import LINKEDIN

pytestmark = pytest.mark.django_db


def hand_in(client, text: str = LINKEDIN, name: str = "linkedin_2026-02-01.csv") -> Upload:
    client.post(reverse("metrics:imports"), {"file": SimpleUploadedFile(name, text.encode())})
    return Upload.objects.latest("pk")


def test_from_the_file_to_the_figures(sign_in, strategist) -> None:
    channel = ChannelFactory(network="linkedin", name="Riverbend Careers")
    client = sign_in(strategist)
    upload = hand_in(client)

    client.post(reverse("metrics:import_check", args=[upload.pk]), {"channel": channel.pk, "exported_on": "2026-02-01"})
    preview = client.get(upload.get_absolute_url()).content.decode()
    client.post(reverse("metrics:import_confirm", args=[upload.pk]))
    waiting = client.get(upload.get_absolute_url()).content.decode()
    job = QueuedJob.objects.get(name="metrics.import_upload")
    import_upload(**job.arguments)
    done = client.get(upload.get_absolute_url()).content.decode()

    assert "Import it" in preview
    assert "mystery" in preview
    assert "Rows imported" in waiting
    assert "5 new figures, 0 corrected, 0 posts read." in done


def test_the_day_of_export_is_read_from_the_name(sign_in, strategist) -> None:
    upload = hand_in(sign_in(strategist))

    assert str(upload.exported_on) == "2026-02-01"


def test_only_accounts_of_the_right_network_can_be_chosen(sign_in, strategist) -> None:
    wanted, other = ChannelFactory(network="linkedin"), ChannelFactory(network="x")
    client = sign_in(strategist)
    upload = hand_in(client)

    form = client.get(upload.get_absolute_url()).context["form"]

    assert list(form.fields["channel"].queryset) == [wanted]
    answer = client.post(
        reverse("metrics:import_check", args=[upload.pk]), {"channel": other.pk, "exported_on": "2026-02-01"}
    )
    assert answer.status_code == 422


def test_a_coordinator_imports_for_the_branch_alone(sign_in) -> None:
    branch = DepartmentFactory()
    wanted = ChannelFactory(network="linkedin", department=branch)
    ChannelFactory(network="linkedin")
    client = sign_in(person_with(Role.COORDINATOR, branch=branch))
    upload = hand_in(client)

    form = client.get(upload.get_absolute_url()).context["form"]

    assert list(form.fields["channel"].queryset) == [wanted]


def test_employees_do_not_import_and_files_of_others_are_not_found(sign_in, strategist, employee) -> None:
    upload = hand_in(sign_in(strategist))
    coordinator = person_with(Role.COORDINATOR, branch=DepartmentFactory())

    assert sign_in(employee).get(reverse("metrics:imports")).status_code == 404
    assert sign_in(coordinator).get(upload.get_absolute_url()).status_code == 404


def test_a_file_that_is_not_recognised_says_so(sign_in, strategist) -> None:
    client = sign_in(strategist)
    upload = hand_in(client, "Colour,Taste\nred,sweet\n")

    assert "This file is not recognised" in client.get(upload.get_absolute_url()).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_needs_the_same_queries_for_any_number(
    sign_in, strategist, django_assert_num_queries, number: int
) -> None:
    client = sign_in(strategist)
    for each in range(number):
        hand_in(client, name=f"{each}.csv")
    client.get(reverse("metrics:imports"))

    with django_assert_num_queries(1):
        client.get(reverse("metrics:imports"))
