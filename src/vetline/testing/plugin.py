"""The pytest plugin: one sandbox for a run, started by whoever needs it first, and a world for each test.

It is loaded in every run where Vetline is installed, so all that costs something is imported when a test needs it.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from vetline.testing.folder import SandboxFolder
    from vetline.testing.sandboxes import Sandbox
    from vetline.testing.world import World

_RUN = "vetline-run"
_FOLDER = "vetline_folder"
_NEEDED = "vetline/needed"
# Source: https://pytest-xdist.readthedocs.io/en/stable/how-to.html#envvar-PYTEST_XDIST_WORKER
_IS_WORKER = "PYTEST_XDIST_WORKER"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("vetline", "Vetline's sandbox")
    group.addoption("--vetline-sandbox-url", metavar="URL", help="use this running sandbox instead of starting one")
    group.addoption("--vetline-vetting", metavar="MODE", help="the vetting mode that worlds begin with")
    parser.addini("vetline_vetting", "the vetting mode that worlds begin with", default="")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begin before the project's own conftest files are imported: that may take long, and the sandbox gets ready."""
    run = _registered(early_config)
    if _IS_WORKER not in os.environ:  # a worker does not know yet where the sandbox is
        run.start_as_before()


def pytest_configure(config: pytest.Config) -> None:
    """Begin, where the hook above was not called: when a conftest file names the plugin."""
    _registered(config)


def _registered(config: pytest.Config) -> "_Run":
    run: _Run | None = config.pluginmanager.get_plugin(_RUN)
    if run is None:
        run = _Run(config)
        config.pluginmanager.register(run, _RUN)
        config.add_cleanup(run.end)
    return run


class _Run:
    """What one process of a test run knows of its sandbox: the only one, one of several workers, or their controller.

    Parameters:
        config: the run's.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._own: SandboxFolder | None = None
        self._started = False

    @property
    def _folder(self) -> "SandboxFolder":
        """The controller's folder for a worker, else this process's own."""
        from pathlib import Path

        from vetline.testing.folder import SandboxFolder

        given = getattr(self._config, "workerinput", {}).get(_FOLDER)
        if given:
            return SandboxFolder(Path(given))
        self._own = self._own or SandboxFolder.make()
        return self._own

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker of pytest-xdist where the sandbox is, or will be."""
        with suppress(ModuleNotFoundError):  # this system starts none; most runs need none
            node.workerinput[_FOLDER] = str(self._folder.path)

    def start_as_before(self) -> None:
        """Start the sandbox where the run before needed it, for most runs are like the one before."""
        if self.needed_before:
            with suppress(ModuleNotFoundError):
                self.start()

    def pytest_sessionstart(self) -> None:
        """Start it now where it was too early before."""
        self.start_as_before()

    @property
    def needed_before(self) -> bool:
        """Whether the run before needed it: what is in `config.cache`, which is not there yet when this is asked."""
        try:
            kept = self._config.rootpath / self._config.getini("cache_dir") / "v" / _NEEDED
            return bool(kept.read_text("ascii") == "true")
        except (OSError, ValueError):  # the first run; or somebody does without a cache
            return False

    def _remember(self, needed: bool) -> None:
        cache = getattr(self._config, "cache", None)
        if cache and needed != self.needed_before:
            cache.set(_NEEDED, needed)

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Start the sandbox with the first test that needs it, so that it gets ready while the rest is collected."""
        if "vetline_sandbox" in getattr(item, "fixturenames", ()) and not self._option("collectonly"):
            with suppress(ModuleNotFoundError):
                self.start()
                self._folder.note_need()

    def start(self) -> None:
        """Start the sandbox, unless it was started, or there is another one to use, or no test will run."""
        if not (self._started or self._option("vetline_sandbox_url") or self._option("collectonly")):
            self._started = True
            self._folder.start()

    def _option(self, name: str) -> Any:
        """Return an option; at the beginning of a run pytest knows them by another name."""
        return getattr(self._config.known_args_namespace, name)

    def sandbox(self) -> "Sandbox":
        """Return the run's sandbox as soon as it answers."""
        from vetline.testing.sandboxes import Sandbox

        vetting = self._config.getoption("vetline_vetting") or str(self._config.getini("vetline_vetting"))
        url = self._config.getoption("vetline_sandbox_url")
        return Sandbox(url or self._address(), vetting=vetting)

    def _address(self) -> str:
        from vetline.testing.errors import SandboxError

        try:
            self.start()
            return self._folder.address()
        except ModuleNotFoundError as error:
            sentence = f"No sandbox can be started on this system ({error}): start one in a container, and give"
            raise SandboxError(f"{sentence} --vetline-sandbox-url.") from error

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Any:
        """Add to a failing test's report in which world it was, and what happened there last."""
        report = yield
        world = getattr(item, "funcargs", {}).get("vetline_world")
        if report.failed and report.when == "call" and world is not None:
            from vetline.testing.telling import told

            report.sections.append(("Vetline's world", told(world)))
        return report

    def pytest_unconfigure(self) -> None:
        """Remember whether the run needed the sandbox."""
        if self._own and not self._option("collectonly"):
            self._remember(self._own.needed)

    def end(self) -> None:
        """End the sandbox, if its life is held here; also of a run that came to nothing."""
        if self._own:
            self._own.end()
            self._own = None


@pytest.fixture(scope="session")
def vetline_sandbox(pytestconfig: pytest.Config) -> "Sandbox":
    """The run's sandbox, which all workers of pytest-xdist share: `world()` makes a world in it."""
    return _registered(pytestconfig).sandbox()


@pytest.fixture
def vetline_world(vetline_sandbox: "Sandbox") -> "Iterator[World]":
    """A new world for this test alone: customers, codes, people, a clock, and clients that are signed in."""
    with vetline_sandbox.world() as world:
        yield world
