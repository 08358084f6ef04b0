#!/usr/bin/env python3
"""Runs the recipes of samples/recipes/shards on the sample county, and compares what they publish with a plain import.

    pip install pyarrow "ray[data]" pandas pyspark     (a recipe whose engine is not installed is skipped, saying so)
    python tests/recipes.py [--binary target/debug/juesuan]

Every table must be the same byte for byte; of `documents` the time of import is set aside. The exit code is 0 only so.
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet

ROOT = Path(__file__).resolve().parent.parent
RECIPES = ROOT / "samples" / "recipes" / "shards"


def tables(dataset):
    """The bytes of every Parquet file by table and year; of `documents` its rows without the time of import."""
    current = (dataset / "current").resolve()
    found = {}
    for file in sorted(current.rglob("*.parquet")):
        name = file.parent.relative_to(current).as_posix()
        if name.startswith("state/ledger"):
            continue
        if name == "documents":
            found[name] = pyarrow.parquet.read_table(file).drop_columns(["imported_at"]).to_pylist()
        else:
            found[name] = file.read_bytes()
    return found


def slurm(work, pile, shards, dataset):
    """What Slurm does with the array, one task after the other."""
    files = sorted(str(p.relative_to(work)) for p in (work / pile).rglob("*") if p.is_file())
    (work / "files.txt").write_text("\n".join(files) + "\n", encoding="utf-8")
    for task in range(4):
        environment = os.environ | {"SLURM_ARRAY_TASK_ID": str(task), "SLURM_ARRAY_TASK_COUNT": "4"}
        subprocess.run(["sh", RECIPES / "slurm.sh", "files.txt", shards], cwd=work, env=environment, check=True)
    made = sorted(str(p) for p in (work / shards).iterdir())
    return subprocess.run(["juesuan", "publish", *made, "--dataset", dataset, "--quiet"], cwd=work).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=ROOT / "target" / "debug" / "juesuan", type=Path)
    args = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="juesuan-recipes-"))
    (work / "bin").mkdir()
    (work / "bin" / "juesuan").symlink_to(args.binary.resolve())
    os.environ["PATH"] = f"{work / 'bin'}:{os.environ['PATH']}"
    os.environ.update(FILES="10", SHARDS="5", LC_ALL="C.UTF-8", JUESUAN_REGISTRY=str(ROOT / "samples" / "units.csv"))
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    shutil.copytree(ROOT / "samples" / "county", work / "county")
    plain = subprocess.run(["juesuan", "import", "county", "--dataset", "plain", "--quiet"], cwd=work).returncode
    expected = tables(work / "plain")

    def script(name, *command):
        return lambda shards, dataset: subprocess.run(
            [*command, RECIPES / name, "county", shards, dataset], cwd=work, stdout=subprocess.DEVNULL).returncode

    bad = 0
    for name, engine, run in (
        ("xargs", None, script("xargs.sh", "sh")),
        ("slurm", None, lambda shards, dataset: slurm(work, "county", shards, dataset)),
        ("ray", "ray", script("ray_data.py", sys.executable)),
        ("spark", "pyspark", script("spark.py", sys.executable)),
    ):
        if engine and not importlib.util.find_spec(engine):
            print(f"skipped {name}: {engine} is not installed")
            continue
        if name == "spark" and not shutil.which("java"):
            print("skipped spark: there is no java")
            continue
        exit_code = run(f"shards-{name}", f"by-{name}")
        count = len(list((work / f"shards-{name}").iterdir()))
        found = tables(work / f"by-{name}")
        differ = sorted(table for table in expected.keys() | found.keys() if expected.get(table) != found.get(table))
        ok = exit_code == plain and not differ
        bad += not ok
        print(f"{'ok ' if ok else 'BAD'} {name}: {count} shards, {len(found)} files, exit code {exit_code}, differing: {differ}")
    shutil.rmtree(work)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
