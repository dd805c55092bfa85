"""How long the campaigns are: short in the test run, and by hand as long as VETLINE_TEST_SCALE says.

On the larger scale the leases of workers that were killed are waited for; otherwise their time is made to pass.
"""

import os
import random
import time

SCALE = int(os.environ.get("VETLINE_TEST_SCALE", "1"))
LEASES_ARE_WAITED_FOR = SCALE > 1


def chance() -> random.Random:
    """Return chances that can be had again."""
    seed = int(os.environ.get("VETLINE_TEST_SEED", time.time_ns() % 1_000_000))
    print(f"\nseed {seed}")  # noqa: T201 - to run it again: VETLINE_TEST_SEED
    return random.Random(seed)
