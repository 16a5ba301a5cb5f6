"""The licences of what the product needs to run: none is GPL."""

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED_LGPL = {"psycopg", "psycopg-binary"}
"""Used unchanged and linked at run time (docs/decisions/0002-libraries.md)."""


def runtime_packages() -> list[str]:
    rows = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [row.split("==")[0] for row in rows if "==" in row and not row.startswith((" ", "#"))]


@pytest.mark.parametrize("package", runtime_packages())
def test_no_gpl(package: str) -> None:
    try:
        about = metadata(package)
    except PackageNotFoundError:
        pytest.skip(f"{package} is not needed on this platform")
    classifiers = [row for row in about.get_all("Classifier") or [] if row.startswith("License")]
    named = [*(about.get_all("License-Expression") or about.get_all("License") or []), *classifiers]
    stated = " ".join(named)[:2000]
    if package in ALLOWED_LGPL:
        assert re.search(r"LGPL|Lesser", stated)
    else:
        assert not re.search(r"\b(?:A|L)?GPL|General Public License", stated)
