from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _files_of_one_test(tmp_path: Path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path
