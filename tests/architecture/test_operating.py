"""The guide for the operator: its example files are there, whole, and what systemd takes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.process import PROJECT

DOCS = PROJECT / "docs"
EXAMPLES = sorted((DOCS / "examples").iterdir())
INSTANCES = {"web@": "web@8080", "worker@": "worker@1"}
OF_ONE_KIND = r"(Description|ExecStart|Environment=BOT_SERVER__PORT)=.*\n"


def test_the_guide_links_every_example_and_no_other() -> None:
    guide = (DOCS / "operating.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\(examples/([^)]+)\)", guide))
    assert linked == {path.name for path in EXAMPLES}


def test_the_guide_has_every_section_that_it_refers_to() -> None:
    guide = (DOCS / "operating.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^##+ (.+)$", guide, re.MULTILINE))
    assert set(re.findall(r"\]\(#([^)]+)\)", guide)) <= headings


def test_the_three_roles_are_confined_alike() -> None:
    units = [path.read_text(encoding="utf-8") for path in EXAMPLES if path.suffix == ".service"]
    units = [unit for unit in units if "-m bot serve" in unit]
    assert len(units) == 3
    assert len({re.sub(OF_ONE_KIND, "", unit) for unit in units}) == 1


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
def test_systemd_takes_the_units_without_a_word(tmp_path: Path) -> None:
    units = []
    for path in EXAMPLES:
        if path.suffix in {".service", ".timer"}:
            content = path.read_text(encoding="utf-8")
            content = content.replace("/opt/shuangyongtong/.venv/bin/python", sys.executable)
            (tmp_path / path.name).write_text(content, encoding="utf-8")
            name = re.sub(r"\w+@", lambda found: INSTANCES[found[0]], path.name)
            units.append(str(tmp_path / name))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
