import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from coe_portal.directory import actions, tasks
from coe_portal.directory.models import DirectoryImport
from coe_portal.outbox.actions import retry
from coe_portal.outbox.models import QueuedJob
from coe_portal.people.models import User
from tests.factories.directory import HEADER, brought_in, checked, person_line, table
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(administrator: User, sign_in) -> Client:
    return sign_in(administrator)


def hand_in(client: Client, content: bytes, name: str = "people.csv"):
    return client.post(reverse("directory:index"), {"file": SimpleUploadedFile(name, content), "kind": "people"})


def choices(source: DirectoryImport) -> dict[str, str]:
    chosen = {f"column_{key}": str(number) for key, number in source.columns.items()}
    return chosen | {"dates": "iso", "is_whole": "yes"}


def test_a_file_goes_its_whole_way_through_the_pages(client: Client):
    assert hand_in(client, table(person_line(1), person_line(2, email="bad"))).status_code == 302
    source = DirectoryImport.objects.get()
    page = client.get(source.get_absolute_url()).content.decode()
    assert "Which column is what?" in page
    assert "e1@riverbend.example" in page

    client.post(reverse("directory:columns", args=[source.pk]), choices(source))
    assert "every 2s" in client.get(source.get_absolute_url()).content.decode()
    tasks.check_import(source.pk)
    page = client.get(source.get_absolute_url()).content.decode()
    assert "1 row is left out" in page
    assert "every 2s" not in page

    client.post(reverse("directory:confirm", args=[source.pk]))
    tasks.apply_import(source.pk)
    assert "audit trail" in client.get(source.get_absolute_url()).content.decode()
    assert User.objects.filter(employee_number="E1").exists()


def test_work_that_has_stopped_says_so_and_leads_to_its_job(client: Client):
    hand_in(client, table(person_line(1)))
    source = DirectoryImport.objects.get()
    client.post(reverse("directory:columns", args=[source.pk]), choices(source))
    job = QueuedJob.objects.get(name="directory.check_import")
    QueuedJob.objects.filter(pk=job.pk).update(state=QueuedJob.State.PARKED)

    stopped = client.get(source.get_absolute_url()).content.decode()
    retry(job=job)
    goes_on = client.get(source.get_absolute_url()).content.decode()

    assert "The work has stopped" in stopped
    assert reverse("home:jobs") in stopped
    assert "The work has stopped" not in goes_on
    assert "the work goes on" in goes_on


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "This is not a file of text"),
        (b"  ", "The file is empty"),
        (b"employee_number,email,name\n", "There is no row below the names"),
        (b"just one line without columns\n", "No line of the beginning looks like a header"),
        (b"\xd0\xcf\x11\xe0", "old Excel file"),
    ],
)
def test_what_is_no_table_is_refused_with_a_way_out(content: bytes, words: str, client: Client):
    answer = hand_in(client, content)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not DirectoryImport.objects.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", 'a";x=.csv', "a\r\nb.csv", "x" * 300 + ".csv", "<b>.csv"])
def test_the_name_of_a_file_is_only_shown(name: str, client: Client):
    assert hand_in(client, table(person_line(1)), name).status_code == 302

    kept = DirectoryImport.objects.get().name
    assert not set(kept) & set("/\r\n")
    assert b"<b>.csv" not in client.get(reverse("directory:index")).content


def test_missing_columns_are_asked_for_and_the_choices_stay(client: Client, administrator: User):
    content = table(("x", "e1@x.example"), header=("Something", "E-mail"))
    source = actions.receive(by=administrator, name="a.csv", content=content, kind="people", is_whole=True)

    answer = client.post(reverse("directory:columns", args=[source.pk]), choices(source))

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"column_employee_number", "column_name"}
    source.refresh_from_db()
    assert source.state == "columns"


def test_one_column_is_not_two_fields(client: Client, administrator: User):
    source = actions.receive(
        by=administrator, name="a.csv", content=table(person_line(1)), kind="people", is_whole=True
    )

    answer = client.post(reverse("directory:columns", args=[source.pk]), choices(source) | {"column_name": "0"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["column_name"]


def test_many_leavers_are_asked_about_on_a_page_of_their_own(client: Client, administrator: User):
    for number in range(2, 6):
        PersonFactory(employee_number=f"E{number}")
    source = checked(administrator, table(person_line(1)))
    question = reverse("directory:leavers", args=[source.pk])

    assert client.post(reverse("directory:confirm", args=[source.pk])).url == question
    assert "4 people would leave" in client.get(question).content.decode()
    wrong = client.post(question, {"number": "3"})
    assert wrong.status_code == 422
    assert "This is not the number above" in wrong.content.decode()
    assert DirectoryImport.objects.get().state == "checked"
    client.post(question, {"number": "4"})

    assert DirectoryImport.objects.get().state == "applying"


@pytest.mark.parametrize("group", ["join", "back", "move", "change", "leave", "kept"])
def test_names_stand_behind_each_count(group: str, client: Client, administrator: User):
    source = checked(administrator, table(person_line(1)))

    assert client.get(reverse("directory:rows", args=[source.pk, group])).status_code == 200
    assert client.get(reverse("directory:rows", args=[source.pk, "error"])).status_code == 404


def test_the_list_of_names_is_constant_and_paged(client: Client, administrator: User, django_assert_num_queries):
    few = checked(administrator, table(person_line(1)), is_whole=False)
    many = checked(administrator, table(*(person_line(number) for number in range(60))), is_whole=False)
    client.get(reverse("directory:rows", args=[few.pk, "join"]))
    with django_assert_num_queries(3):
        client.get(reverse("directory:rows", args=[few.pk, "join"]))

    with django_assert_num_queries(3):
        first = client.get(reverse("directory:rows", args=[many.pk, "join"]))

    assert len(first.context["lines"]) == 50
    assert len(client.get(first.context["page"].older_url).context["lines"]) == 10


def test_errors_can_be_taken_along_without_formulas(client: Client, administrator: User):
    source = checked(administrator, table(person_line(1, email="=cmd|' /C calc'!A0"), person_line(2, email="@x")))

    answer = client.get(reverse("directory:problems_file", args=[source.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert text.splitlines()[0] == "Line,Column,Value,What is wrong,Is the row left out?"
    assert text.splitlines()[1] == "2,E-mail,'=cmd|' /c calc'!a0,This is no e-mail address.,yes"
    assert "'@x" in text
    assert "This is no e-mail address." in client.get(reverse("directory:problems", args=[source.pk])).content.decode()


def test_a_report_stays_and_can_be_confirmed_no_more(client: Client, administrator: User):
    source = brought_in(administrator, table(person_line(1)))

    answer = client.post(reverse("directory:confirm", args=[source.pk]), follow=True)

    assert "Brought in" in answer.content.decode()
    assert client.get(reverse("directory:leavers", args=[source.pk])).status_code == 404


def test_the_same_file_again_says_that_there_is_nothing_to_do(client: Client, administrator: User):
    brought_in(administrator, table(person_line(1)))

    again = checked(administrator, table(person_line(1)))

    page = client.get(again.get_absolute_url()).content.decode()
    assert "0 changes" in page
    assert reverse("directory:confirm", args=[again.pk]) not in page


def test_the_sample_has_columns_that_are_understood(client: Client, administrator: User, settings):
    settings.DEMO = False
    content = b"".join(client.get(reverse("directory:sample")).streaming_content)

    source = checked(administrator, content, is_whole=False)

    assert (source.counts["join"], source.counts["left_out"]) == (3, 0)


def test_nobody_else_comes_near(strategist: User, administrator: User, sign_in):
    source = checked(administrator, table(person_line(1)), is_whole=False)
    other = sign_in(strategist)
    pages = ["import", "problems", "problems_file", "leavers"]
    gets = [reverse("directory:index"), reverse("directory:sample")]
    gets += [reverse(f"directory:{name}", args=[source.pk]) for name in pages]
    posts = [reverse(f"directory:{name}", args=[source.pk]) for name in ("columns", "confirm", "reopen", "discard")]

    assert {other.get(url).status_code for url in gets} == {403}
    assert {other.post(url).status_code for url in posts} == {403}
    assert HEADER[0].encode() not in other.get(reverse("directory:sample")).content
    assert DirectoryImport.objects.get().state == "checked"
