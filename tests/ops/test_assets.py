import json
from pathlib import Path

import pytest

from ops import assets
from ops.bootstrap import ROOT
from ops.errors import OpsError


@pytest.fixture
def package(tmp_path: Path) -> Path:
    lock = {"name": "toy", "lockfileVersion": 3, "requires": True, "packages": {"": {"name": "toy"}}}
    (tmp_path / "package.json").write_text(json.dumps({"name": "toy", "private": True}))
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    (tmp_path / "node_modules").mkdir()
    return tmp_path


def test_packages_are_installed_once_for_each_lock_file(package: Path) -> None:
    assets.install(package)
    stamp = package / "node_modules" / ".stamp"
    first = stamp.stat().st_mtime_ns
    assets.install(package)
    assert stamp.stat().st_mtime_ns == first

    (package / "package-lock.json").write_text((package / "package-lock.json").read_text() + "\n")
    assets.install(package)

    assert stamp.stat().st_mtime_ns > first


def test_an_installation_that_fails_is_tried_again(package: Path) -> None:
    (package / "package-lock.json").write_text("half written")

    for _ in range(2):
        with pytest.raises(OpsError, match=r"^npm ci .* failed"):
            assets.install(package)


def test_lock_files_name_no_host_that_packages_come_from() -> None:
    for lock in (ROOT / "package-lock.json", ROOT / "tests" / "browser" / "package-lock.json"):
        packages = json.loads(lock.read_text())["packages"]

        assert [name for name, package in packages.items() if "resolved" in package] == []
        assert [name for name, package in packages.items() if name and "integrity" not in package] == []
