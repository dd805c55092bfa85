"""What others wrote is as they published it."""

import re
from hashlib import sha256

from vetline.console.rendering import STATIC

VENDOR = STATIC / "vendor"


def test_each_file_is_the_one_that_its_package_ships() -> None:
    told = dict(re.findall(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text("utf-8"), re.M))
    assert told == {file.name: sha256(file.read_bytes()).hexdigest() for file in VENDOR.glob("*.js")}
