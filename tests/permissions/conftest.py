import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a parallel run one worker takes them all, so that the demo is built once."""
    for item in items:
        if "tests/permissions" in item.path.as_posix():
            item.add_marker(pytest.mark.xdist_group("permissions"))
