#!/usr/bin/env python3
"""Reads exported Delta tables with deltalake, polars and Spark, and compares them with the dataset they were made of.

    pip install deltalake polars pyarrow     (and delta-spark, with its jar at hand, for Spark; else that is skipped)
    python tests/delta_tables.py DELTA_DIR DATASET_DIR

Rows and the exact sum of each decimal column must be those of the dataset. The exit code is 0 only if all agree.
"""

import importlib.util
import sys
from decimal import Decimal
from pathlib import Path

import polars
import pyarrow
import pyarrow.dataset
from deltalake import DeltaTable


def exact(values):
    return sum((v for v in values if v is not None), Decimal(0)).normalize() + 0


def seen(table, columns):
    return table.num_rows, [exact(table[column].to_pylist()) for column in columns]


def spark_session():
    if not importlib.util.find_spec("delta"):
        print("skipped Spark: delta-spark is not installed")
        return None
    from delta import configure_spark_with_delta_pip
    from pyspark.sql import SparkSession
    builder = SparkSession.builder.config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension") \
        .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
    try:
        return configure_spark_with_delta_pip(builder).getOrCreate()
    except Exception as error:
        print(f"skipped Spark: {error}")
        return None


def main(delta, dataset):
    bad, spark = 0, spark_session()
    current = (Path(dataset) / "current").resolve()
    for folder in sorted(p for p in Path(delta).iterdir() if (p / "_delta_log").is_dir()):
        source = pyarrow.dataset.dataset(current / folder.name, format="parquet", partitioning=None).to_table()
        columns = [f.name for f in source.schema if pyarrow.types.is_decimal(f.type)]
        expected = seen(source, columns)
        table = DeltaTable(folder)
        found = {"deltalake": seen(pyarrow.table(table.to_pyarrow_table()), columns)}
        frame = polars.read_delta(str(folder))
        found["polars"] = frame.height, [exact(frame[column].to_list()) for column in columns]
        if spark:
            rows = spark.read.format("delta").load(str(folder)).select(columns or source.schema.names[:1]).collect()
            found["spark"] = len(rows), [exact([row[column] for row in rows]) for column in columns]
        names = [field.name for field in table.schema().fields]
        ok = all(one == expected for one in found.values()) and names == source.schema.names
        bad += not ok
        print(f"{'ok ' if ok else 'BAD'} {folder.name:14} {expected[0]:>8} rows, version {table.version()}, {', '.join(found)}")
        if not ok:
            print("   expected", expected, "\n   found   ", found)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
