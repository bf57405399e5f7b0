"""The Mastodon and feed collectors against snac, an independent server of the fediverse."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from metrics.collection import queries
from metrics.collection.models import Post, Run
from tests.factories.channels import ChannelFactory
from tests.live.programs import free_ports, running, wait_for

pytestmark = [pytest.mark.live_mastodon, pytest.mark.django_db(transaction=True), pytest.mark.timeout(240)]

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
RELEASE = Path("/etc/os-release")


class Snac:
    def __init__(self, program: Path, folder: Path, port: int) -> None:
        self.program, self.folder, self.host = program, folder, f"localhost:{port}"
        self.address = f"http://{self.host}"

    def join(self, name: str) -> "Person":
        said = self.run("adduser", self.folder, name)
        password = re.search(r"password is (\S+)", said) or re.search(r"(\S+)\s*$", said)
        settings = self.folder / "user" / name / "user.json"
        settings.write_text(json.dumps(json.loads(settings.read_text()) | {"show_contact_metrics": True}))
        return Person(self, name, password[1])

    def run(self, *words: object) -> str:
        command = [str(self.program), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        return done.stdout + done.stderr


class Person:
    def __init__(self, server: Snac, name: str, password: str) -> None:
        self.server, self.name, self.password = server, name, password
        self.token = ""

    def sign_in(self) -> None:
        typed = {"login": self.name, "passwd": self.password}
        page = httpx.post(f"{self.server.address}/oauth/x-snac-get-token", data=typed).text
        self.token = re.search(r"[0-9a-f]{32,}", page)[0]

    def sees(self, uri: str) -> str:
        """The id under which a post is in the person's own timeline."""
        headers = {"Authorization": f"Bearer {self.token}", "Connection": "close"}
        found = httpx.get(f"{self.server.address}/api/v1/timelines/home", headers=headers, timeout=20).json()
        return next((each["id"] for each in found if each["uri"] == uri), "")

    def ask(self, path: str, **typed: str) -> dict:
        headers = {"Authorization": f"Bearer {self.token}", "Connection": "close"}
        answer = httpx.post(f"{self.server.address}/api/v1/{path}", data=typed, headers=headers, timeout=20)
        answer.raise_for_status()
        return answer.json()


def _mirror(codename: str) -> str:
    """The one that this machine installs its packages from."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", f"Release: {codename}"]
    told = subprocess.run(asked, capture_output=True, text=True, timeout=30, check=False).stdout.split()
    if not told:
        pytest.skip("snac is not installed, and this machine knows no mirror to fetch it from")
    return told[0]


def _program(folder: Path) -> Path:
    """From the machine's own Debian mirror, unpacked beside the test; nothing is installed."""
    found = shutil.which("snac")
    if found:
        return Path(found)
    codename = re.search(r"^VERSION_CODENAME=(\w+)", RELEASE.read_text() if RELEASE.exists() else "", re.M)
    if not codename or not shutil.which("apt-get") or not Path(KEYRING).exists():
        pytest.skip("snac is not installed, and this is no Debian to fetch it from")
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True)
    source = f"deb [signed-by={KEYRING}] {_mirror(codename[1])} {codename[1]}-backports main\n"
    (folder / "sources.list").write_text(source)
    options = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "root",
    }
    apt = ["apt-get", *(part for name, value in options.items() for part in ("-o", f"{name}={value}"))]
    for words in (["update"], ["download", "snac2"]):
        subprocess.run([*apt, *words], cwd=folder, capture_output=True, timeout=90, check=False)
    package = next(folder.glob("snac2_*.deb"), None)
    if package is None:
        pytest.skip("this machine's package mirror does not offer snac2")
    subprocess.run(["dpkg", "-x", str(package), str(folder / "root")], check=True, timeout=30)
    return folder / "root" / "usr" / "bin" / "snac"


@pytest.fixture(scope="module")
def snac_program(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("snac")
    for each in (folder, *folder.parents[:2]):
        each.chmod(0o755)
    return _program(folder)


@pytest.fixture
def snac(snac_program, tmp_path, settings) -> Iterator[Snac]:
    port = free_ports(1)
    server = Snac(snac_program, tmp_path / "data", port)
    typed = f"127.0.0.1\n{port}\nlocalhost:{port}\n\nadmin@example.org\n"
    subprocess.run(
        [str(snac_program), "init", str(server.folder)], input=typed, text=True, capture_output=True, timeout=30,
        check=False,
    )  # fmt: skip
    config = server.folder / "server.json"
    if not config.exists():
        pytest.skip("snac did not make its folder")
    config.write_text(json.dumps(json.loads(config.read_text()) | {"protocol": "http"}))
    settings.MASTODON_SCHEME = "http"
    settings.PRIVATE_HOSTS_ALLOWED = [server.host]
    server.people = {name: server.join(name) for name in ("stmary", "rosa", "marcus")}
    with running([snac_program, "httpd", server.folder], tmp_path / "snac.log"):
        wait_for("snac answers", lambda: httpx.get(f"{server.address}/stmary").status_code == 200)
        yield server


@pytest.fixture
def hospital(snac: Snac) -> dict:
    """Two followers and two posts; the first is liked twice and boosted once."""
    for person in snac.people.values():
        person.sign_in()
    stmary, rosa, marcus = snac.people.values()
    for person in (rosa, marcus):
        snac.run("follow", snac.folder, person.name, f"{snac.address}/stmary")
    wait_for("both follow", lambda: _account(snac)["followers_count"] == 2, 60)
    first = stmary.ask("statuses", status="Flu shots are here.", visibility="public")
    stmary.ask("statuses", status="Meet Dana.", visibility="public")
    for person in (rosa, marcus):
        wait_for(f"the post reaches {person.name}", lambda person=person: bool(person.sees(first["uri"])), 60)
        person.ask(f"statuses/{person.sees(first['uri'])}/favourite")
    rosa.ask(f"statuses/{rosa.sees(first['uri'])}/reblog")
    wait_for("the server has seen it all", lambda: _counts(snac, first) == [2, 1], 60)
    return first


def test_figures_and_posts_of_a_real_account(snac: Snac, hospital: dict, collect_due) -> None:
    channel = ChannelFactory(network="mastodon", handle=f"@stmary@{snac.host}", time_zone="UTC")

    collect_due(channel)

    assert queries.latest([channel.pk], "followers")[channel.pk].value == 2
    first = Post.objects.get(external_id=hospital["uri"])
    assert (first.text, first.figures["reactions"], first.figures["shares"]) == ("Flu shots are here.", 2, 1)
    assert queries.latest([channel.pk], "posts")[channel.pk].value == 2
    assert set(Run.objects.values_list("state", flat=True)) == {"ok"}


def test_the_feed_of_a_real_server(snac: Snac, hospital: dict, collect_due) -> None:
    channel = ChannelFactory(network="feed", handle="stmary", url=f"{snac.address}/stmary.rss", time_zone="UTC")

    collect_due(channel)
    collect_due(channel)

    assert sorted(post.text.partition("\n")[0] for post in Post.objects.all()) != []
    assert Post.objects.filter(channel=channel).count() == 2
    assert queries.latest([channel.pk], "posts")[channel.pk].value == 2


def _account(snac: Snac) -> dict:
    return httpx.get(f"{snac.address}/api/v1/accounts/lookup", params={"acct": "stmary"}).json()


def _counts(snac: Snac, post: dict) -> list[int]:
    """snac shows a boosted post inside the boost."""
    found = httpx.get(f"{snac.address}/api/v1/accounts/{_account(snac)['id']}/statuses").json()
    shown = [each.get("reblog") or each for each in found]
    status = next((each for each in shown if each["uri"] == post["uri"]), {})
    return [status[name] for name in ("favourites_count", "reblogs_count")]
