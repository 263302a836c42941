"""The few words that a screening has with Spark, in place of those with DuckDB (:mod:`.engine`).

What a query gives is kept in the cluster, and the next query knows the rows only, not where they came
from: Spark would go over the whole of it again each time.  With a checkpoint directory it is kept there;
else on the machines themselves, and a screening fails when one is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import pyarrow as pa
from ibis.util import gen_name
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, functions

from grondslag.errors import BadCase

LINE: Final = "line"
T = TypeVar("T")


class Spark:
    """Tables for the time of one screening, in the session that the given tables are in.

    Stands where :mod:`.records` and :mod:`.tables` expect the connection to the engine.

    :ivar con: the Ibis connection.
    """

    name = "pyspark"

    def __init__(self, con: Any) -> None:
        self.con = con
        self._session = con.raw_sql("SELECT 1").sparkSession
        self._views: list[str] = []

    def create_table(self, name: str, rows: Any) -> Any:
        """Rows in Arrow, or those of a query, which is run once and kept in the cluster."""
        if isinstance(rows, pa.Table):
            return self._view(name, self._session.createDataFrame(rows))
        return self._view(name, self._kept(self._frame(rows)))

    def by_subject(self, name: str, rows: Any) -> Any:
        """As :meth:`create_table`, with all rows of a subject in one place: nothing moves to be joined."""
        parts = int(self._session.conf.get("spark.sql.shuffle.partitions"))
        return self._view(name, self._kept(self._frame(rows).repartition(parts, "subject")))

    def lined(self, place: str, rows: Any) -> Any:
        """A table with a column ``line``: where it has none, a number that comes of what is in the row.

        Rows that say the same have the same number; a count of rows would change from one time to the next.
        """
        if LINE in rows.columns:
            return rows
        frame = self._frame(rows)
        cells = [frame[f"`{column}`"] for column in frame.columns]
        # What is left out leaves no trace in the hash, so that it is left out goes in beside it.
        hashed = functions.xxhash64(*(each for cell in cells for each in (cell.isNull(), cell)))
        return self._view(place, self._told(lambda: frame.withColumn(LINE, hashed)))

    def to_pyarrow(self, rows: Any) -> pa.Table:
        """Brings rows here: only ever as many as there are different things to say."""
        return self._told(lambda: self._frame(rows).toArrow())

    def count(self, rows: Any) -> int:
        """How many rows there are."""
        return int(self._told(lambda: self._frame(rows).count()))

    def forget(self) -> None:
        """Let the cluster have its room back: the tables of this screening are no longer needed."""
        for name in self._views:
            self._session.catalog.dropTempView(name)
        self._views = []

    def _frame(self, rows: Any) -> DataFrame:
        frame: DataFrame = self._told(lambda: self.con.raw_sql(self.con.compile(rows)))
        return frame

    def _kept(self, frame: DataFrame) -> DataFrame:
        lasting = self._session.sparkContext.getCheckpointDir()
        kept: DataFrame = self._told(frame.checkpoint if lasting else frame.localCheckpoint)
        return kept

    def _view(self, name: str, frame: DataFrame) -> Any:
        """Names are never used twice: an outcome stands on its tables for as long as somebody reads it."""
        unique = gen_name(f"screening_{name}")
        frame.createOrReplaceTempView(unique)
        self._views.append(unique)
        return self.con.table(unique)

    def _told(self, work: Callable[[], T]) -> T:
        """:raises BadCase: when Spark fails; its own words may hold a row, so they are not repeated."""
        try:
            return work()
        except (PySparkException, Py4JError) as error:
            kind = getattr(error, "getCondition", lambda: None)() or type(error).__name__
            problem = f"Spark could not work them out ({kind})"
            raise BadCase("tables", problem, "read them in Spark itself to see why") from None
