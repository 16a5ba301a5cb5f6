"""The licences of everything that the product needs to run: each is known, and none is GPL."""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from importlib.metadata import metadata, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
FREE = {
    "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "ZPL-2.1", "MPL-2.0",
}  # fmt: skip
ALLOWED_LGPL = {"psycopg", "psycopg-binary"}
"""Used unchanged and linked at run time (docs/decisions/0002-libraries.md)."""
OLD_NAMES = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Zope Public License": "ZPL-2.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""What packages without an SPDX expression call their licence."""


def pinned() -> list[Requirement]:
    rows = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(row) for row in rows if row and not row.startswith((" ", "#"))]


def on_this_platform(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": ""})


PACKAGES = [canonicalize_name(one.name) for one in pinned() if on_this_platform(one)]


def objection(package: str, about: Message) -> str:
    """Return why a package may not be shipped; "" if it may."""
    stated = str(about.get("License-Expression") or "")
    if not stated:
        classified = [
            str(row).rsplit(" :: ", 1)[-1]
            for row in about.get_all("Classifier") or []
            if str(row).startswith("License :: ") and not str(row).endswith("OSI Approved")
        ]
        named = classified or [str(about.get("License") or "")]
        stated = " AND ".join(OLD_NAMES.get(name, name) for name in named)
    if package in ALLOWED_LGPL and stated == "LGPL-3.0-only":
        return ""
    for part in re.split(r"\s+AND\s+", stated):
        choices = {choice.strip("() ") for choice in re.split(r"\s+OR\s+", part)}
        if not choices & FREE:
            return f"{package} is under {part or 'no stated licence'}"
    return ""


OSI = "Classifier: License :: OSI Approved ::"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_licence_is_known_and_free(package: str) -> None:
    assert objection(package, metadata(package)) == ""  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stated", "refused"),
    [
        ("License-Expression: MIT", False),
        ("License-Expression: Apache-2.0 OR BSD-3-Clause", False),
        ("License-Expression: Apache-2.0 OR GPL-2.0-only", False),
        ("License-Expression: MIT AND GPL-2.0-or-later", True),
        ("License-Expression: GPL-3.0-or-later", True),
        ("License-Expression: AGPL-3.0-only", True),
        ("License-Expression: LGPL-3.0-only", True),
        ("License-Expression: BUSL-1.1", True),
        ("License: GPL", True),
        ("License: UNKNOWN", True),
        ("License: free for non-commercial use", True),
        ("Name: nothing-stated", True),
        ("Classifier: License :: OSI Approved", True),
        (f"{OSI} MIT License", False),
        (f"License: MIT\n{OSI} GNU Affero General Public License v3", True),
        (f"{OSI} MIT License\n{OSI} GNU General Public License v2 (GPLv2)", True),
        ("Classifier: License :: Other/Proprietary License", True),
    ],
)  # fmt: skip
def test_what_is_not_free_or_not_known_is_refused(stated: str, refused: bool) -> None:
    assert bool(objection("some-package", Parser().parsestr(f"{stated}\n"))) is refused


def needed_by(package: str) -> Iterator[str]:
    for row in requires(package) or []:
        requirement = Requirement(row)
        if on_this_platform(requirement):
            yield canonicalize_name(requirement.name)


def test_the_list_holds_whatever_is_needed_by_what_is_on_it() -> None:
    needed = {name for package in PACKAGES for name in needed_by(package)}
    assert needed - set(PACKAGES) == set()
