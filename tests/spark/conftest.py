from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import ibis
import pytest

from tests.spark.cluster import cluster, session


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An Ibis connection to a cluster with two workers."""
    if shutil.which("java") is None:
        # ``.ci/run`` installs it; who has no Java has no Spark to break.
        pytest.skip("Spark needs Java 17: apt-get install openjdk-17-jre-headless")
    with cluster(tmp_path_factory.mktemp("spark")) as address, session(address) as made:
        yield ibis.pyspark.connect(made)
