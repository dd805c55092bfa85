"""The extra is an extra: the client works without it, and its absence is told in a sentence."""

import subprocess
import sys

_WITHOUT = "import sys; sys.modules['cryptography'] = None; "


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_without_the_extra_a_sentence_says_what_to_install() -> None:
    """An import error that names the command."""
    done = _run(_WITHOUT + "import vetline.sdk.webhooks")
    assert done.returncode != 0
    assert done.stderr.strip().splitlines()[-1] == (
        "ImportError: Verifying webhooks needs one more package: pip install 'vetline[webhooks]'"
    )


def test_the_client_does_not_need_the_extra() -> None:
    """Neither the package nor its client imports it, nor this package."""
    code = "from vetline import AsyncPartnerCenter, PartnerCenter; assert 'vetline.sdk.webhooks' not in sys.modules"
    done = _run(_WITHOUT + code)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_verifier_imports_nothing_of_the_server() -> None:
    """The bare client and `cryptography` are enough."""
    banned = (
        "{'starlette', 'granian', 'joserfc', 'structlog', 'trustme', 'vetline.api', 'vetline.desk', 'vetline.store'}"
    )
    done = _run(
        f"import sys, vetline.sdk.webhooks, vetline.sdk.webhooks.testing; assert not {banned} & set(sys.modules)"
    )
    assert (done.returncode, done.stderr) == (0, "")
