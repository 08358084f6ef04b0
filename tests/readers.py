#!/usr/bin/env python3
"""Reads a dataset with polars, DuckDB, pyarrow and pandas, and compares what they see.

    pip install polars duckdb pyarrow pandas
    python tests/readers.py DATASET_DIR

Every table must have the same number of rows and the same exact sum of each decimal column in all four. Prints one line
per table; the exit code is 0 only if all agree.
"""

import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.dataset


def seen_by_polars(glob, columns):
    frame = polars.read_parquet(glob, hive_partitioning=True, glob=True)
    return frame.height, [exact(frame[column].drop_nulls().sum()) for column in columns], frame.schema.get("fiscal_year")


def seen_by_duckdb(glob, columns):
    sums = "".join(f', sum("{column}")' for column in columns)
    row = duckdb.sql(f"select count(*){sums} from read_parquet('{glob}')").fetchall()[0]
    return row[0], [exact(value) for value in row[1:]]


def seen_by_pyarrow(folder, columns):
    table = pyarrow.dataset.dataset(folder, format="parquet", partitioning="hive").to_table()
    frame = table.to_pandas()
    sums = [exact(sum((v for v in table[c].to_pylist() if v is not None), Decimal(0))) for c in columns]
    return table.num_rows, sums, frame.shape[0]


def exact(value):
    return Decimal(str(value or 0)).normalize() + 0


def decimals(folder):
    schema = pyarrow.dataset.dataset(folder, format="parquet", partitioning="hive").schema
    texts = [f.name for f in schema if str(f.type) in ("string_view", "large_string_view")]
    assert not texts, f"{folder}: {texts} are string views, which old readers refuse"
    return [field.name for field in schema if str(field.type).startswith("decimal128(20, 6)")]


def main(dataset):
    current, bad = Path(dataset) / "current", 0
    for folder in sorted(p for p in current.resolve().iterdir() if p.is_dir() and p.name not in ("csv", "state")):
        columns, glob = decimals(folder), str(folder / "**" / "*.parquet")
        of_polars, of_duckdb, of_pyarrow = (
            seen_by_polars(glob, columns),
            seen_by_duckdb(glob, columns),
            seen_by_pyarrow(folder, columns),
        )
        assert of_polars[2] in (None, polars.Int32), f"{folder.name}: fiscal_year is {of_polars[2]}"
        # pandas would take the year of the folder's name for a categorical, and then refuse the one in the file.
        assert pandas.read_parquet(folder, partitioning=None).shape[0] == of_pyarrow[0]
        same = of_polars[:2] == of_duckdb == of_pyarrow[:2]
        bad += not same
        print(f"{'ok ' if same else 'BAD'} {folder.name:14} {of_polars[0]:>8} rows  {dict(zip(columns, of_polars[1]))}"[:160])
        if not same:
            print("   polars ", of_polars[:2], "\n   duckdb ", of_duckdb, "\n   pyarrow", of_pyarrow[:2])
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
