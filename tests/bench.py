#!/usr/bin/env python3
"""How fast an import is, against what an analyst would write in Python. Medians of whole processes.

    cargo build
    python3 tests/bench.py CORPUS_TOOLS [--units 200] [--runs 5] [--binary target/debug/juesuan] [--keep DIR]

CORPUS_TOOLS is the folder with `gen_corpus.py`, `peer_pipeline.py` and `compare.py`. The corpora are generated once below
--keep (default: a temporary folder). The import and the peer are run in turn (A B A B …), each import into a fresh
dataset. CPU is user + system of the process and its children; memory is the largest single process. Speed counts only
where the comparator reports no problem, so that is run too.
"""
import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def run(command):
    """Wall and CPU seconds, and peak memory in MiB, of one command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    return wall, cpu, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def medians(rows):
    return tuple(statistics.median(column) for column in zip(*[row[:3] for row in rows]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tools", type=Path)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--binary", default="target/debug/juesuan")
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    work = args.keep or Path(tempfile.mkdtemp(prefix="juesuan-bench-"))
    work.mkdir(parents=True, exist_ok=True)
    python = sys.executable

    def corpus(units):
        folder = work / f"c{units}"
        if not folder.exists():
            subprocess.run([python, args.tools / "gen_corpus.py", "--units", str(units), "--out", folder],
                           check=True, stdout=subprocess.DEVNULL)
        return folder

    def imported(folder, jobs):
        dataset = work / "dataset"
        shutil.rmtree(dataset, ignore_errors=True)
        return run([args.binary, "import", folder / "pile", "--dataset", dataset, "--jobs", str(jobs), "--quiet"])

    small, large = corpus(args.units), corpus(2 * args.units)
    peer = [python, args.tools / "peer_pipeline.py", small, "--out", work / "peer.parquet",
            "--engine", "calamine", "--procs", "2", "--txt"]
    imported(small, 2), run(peer)  # files into the page cache
    ours, theirs = [], []
    for _ in range(args.runs):
        ours.append(imported(small, 2))
        theirs.append(run(peer))
    compared = subprocess.run([python, args.tools / "compare.py", work / "dataset", small], capture_output=True, text=True)
    one_job = [imported(small, 1) for _ in range(args.runs)]
    twice = [imported(large, 2) for _ in range(args.runs)]
    line = work / "line.txt"
    line.write_text("2023年度部门决算情况说明\n", encoding="utf-8")
    start_up = [run([args.binary, "inspect", line]) for _ in range(4 * args.runs)]

    # A night on which nothing came: 700 units hand in 2,100 files.
    many = corpus(700)
    time.sleep(4)  # a file that was changed just now is in doubt
    first_night = imported(many, 2)
    again = [args.binary, "import", many / "pile", "--dataset", work / "dataset", "--jobs", "2", "--quiet"]
    unchanged = [run(again) for _ in range(args.runs)]
    rescanned = [run([*again, "--rescan"]) for _ in range(args.runs)]

    a, b, one, two, start = (medians(rows) for rows in (ours, theirs, one_job, twice, start_up))
    print(f"{args.units} units, {args.runs} runs, medians        wall s   CPU s   peak MiB")
    for name, row in (("juesuan, 2 jobs", a), ("peer, 2 processes", b), ("juesuan, 1 job", one),
                      (f"juesuan, {2 * args.units} units", two), ("inspect of one line", start)):
        print(f"  {name:<32} {row[0]:>8.3f} {row[1]:>7.3f} {row[2]:>10.0f}")
    print(f"peer / juesuan: wall {b[0] / a[0]:.1f}, CPU {b[1] / a[1]:.1f}")
    print(f"two jobs / one job, wall: {a[0] / one[0]:.2f}; {2 * args.units} / {args.units} units, CPU: {two[1] / a[1]:.2f}")
    for name, rows, share, least in (("unchanged", unchanged, 0.03, 0.15), ("--rescan", rescanned, 0.15, 0.4)):
        wall = medians(rows)[0]
        allowed = max(share * first_night[0], least)
        print(f"2,100 files {name}: {wall:.3f} s, {100 * wall / first_night[0]:.1f} % of the first run's {first_night[0]:.2f} s"
              f" (allowed: {allowed:.3f} s)")
    print(f"comparator: {compared.stdout.strip().splitlines()[-1]}")
    if not args.keep:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
