"""Services of four processes."""

from collections.abc import Iterator

import pytest

from tests.campaigns.cluster import Cluster
from tests.support.authority import Authority
from tests.support.postgres import PostgresServer


@pytest.fixture(scope="package")
def running_cluster(authority: Authority, postgres: PostgresServer) -> Iterator[Cluster]:
    """Four processes for all campaigns; use `cluster`, of which all run."""
    with Cluster(authority, postgres) as found:
        yield found


@pytest.fixture
def cluster(running_cluster: Cluster) -> Cluster:
    """Two processes that answer and two that screen."""
    running_cluster.restore()
    return running_cluster
