"""A test suite's sandbox: `vetline sandbox --port 0 --until-eof --ready-file FILE`, without the command line around it.

Every run of a suite waits for this, and to load what reads options and explains them is a tenth of the wait.
"""

import gc
import sys
from pathlib import Path

from vetline.cli.failing import guarded
from vetline.cli.running import ready_by, run


def suite(file: Path) -> None:
    """Run a sandbox until standard input ends, and write its address into a file as soon as it answers."""
    gc.disable()  # see `vetline.cli.sandbox`
    from vetline.sandbox.early import early_key

    make_key = early_key(None)
    from vetline.sandbox.run import SandboxOptions, run_sandbox

    options = SandboxOptions(port=0, data=None, database_url="", mode="auto", until_eof=True)
    run(run_sandbox(options, ready_by(file), make_key), "info")


if __name__ == "__main__":
    sys.exit(guarded(lambda: suite(Path(sys.argv[1]))))
