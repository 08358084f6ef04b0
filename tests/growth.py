#!/usr/bin/env python3
"""What an import costs as the pile grows: per document to extract, per row to publish, and the memory of either.

    cargo build
    python3 tests/growth.py PILE [--shards 8] [--paths 25000] [--units units.csv] [--binary target/debug/juesuan]

The files of PILE, sorted by path, are cut into shards, each extracted by one process with one job. Then an eighth, a quarter,
half and all of the shards are published, each into a fresh dataset, and the last shard once more on top of the others. What
a path costs beside its rows is seen from --paths documents of one sentence, and twice as many. CPU is user + system;
memory is the peak of the process. From these the cost of a million documents like those of PILE is reckoned.
"""
import argparse
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

TABLES = ["figures", "scores", "texts", "leftovers"]


def run(command):
    """Wall and CPU seconds, peak memory in MiB; the exit code must be 0 or 1."""
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 1), said.decode()
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def rows_of(shard):
    return sum(json.loads((shard / "shard.json").read_text())["rows"].get(name, 0) for name in TABLES)


def size(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def speak(binary, shard, numbers):
    """A shard of documents of one sentence: ten years of each unit."""
    command = [binary, "extract", "--stdin", "--out", shard, "--jobs", "2", "--quiet"]
    worker = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE)
    for number in numbers:
        unit, year = f"青禾县第{number // 10}局", 2014 + number % 10
        name = f"pile/{year}/{unit}/部门决算情况说明.txt".encode()
        content = f"{unit}{year}年度部门决算情况说明\n\n一、收入决算情况说明\n\n{year}年度收入合计{number}.71万元。\n".encode()
        worker.stdin.write(len(name).to_bytes(8, "little") + len(content).to_bytes(8, "little") + name + content)
    worker.stdin.close()
    assert worker.wait() in (0, 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pile", type=Path)
    parser.add_argument("--shards", type=int, default=8)
    parser.add_argument("--paths", type=int, default=25_000)
    parser.add_argument("--units", type=Path)
    parser.add_argument("--binary", default="target/debug/juesuan")
    parser.add_argument("--work", type=Path)
    args = parser.parse_args()
    work = args.work or Path(tempfile.mkdtemp(prefix="juesuan-growth-"))
    registry = ["--units", args.units] if args.units else []
    files = sorted(str(path) for path in args.pile.rglob("*") if path.is_file())
    step = -(-len(files) // args.shards)

    print(f"{len(files)} files, extracted with one job each\n  shard  documents     rows   wall s    CPU s  peak MiB  CPU ms/document")
    shards, extracted = [], 0
    for at in range(args.shards):
        mine, shard, names = files[at * step:(at + 1) * step], work / f"shard-{at}", work / "files.txt"
        names.write_text("\n".join(mine) + "\n", encoding="utf-8")
        wall, cpu, peak = run([args.binary, "extract", "--files-from", names, "--out", shard, "--jobs", "1", "--quiet", *registry])
        shards.append((shard, len(mine), rows_of(shard)))
        extracted += cpu
        print(f"  {at:>5} {len(mine):>10} {shards[-1][2]:>8} {wall:>8.2f} {cpu:>8.2f} {peak:>9.0f} {1000 * cpu / len(mine):>16.2f}", flush=True)
    per_document = extracted / len(files)

    print("published with two jobs\n  shards  documents     rows   wall s    CPU s  peak MiB  CPU us/row    MiB on disk")
    counts = sorted({max(1, args.shards // part) for part in (8, 4, 2, 1)})
    seen = []

    def publish(taken, dataset):
        documents, rows = (sum(shard[at] for shard in taken) for at in (1, 2))
        wall, cpu, peak = run([args.binary, "publish", *(shard[0] for shard in taken), "--dataset", dataset,
                               "--jobs", "2", "--quiet", *registry])
        current = (dataset / "current").resolve()
        seen.append((documents, rows, cpu, peak, size(current)))
        print(f"  {len(taken):>6} {documents:>10} {rows:>8} {wall:>8.2f} {cpu:>8.2f} {peak:>9.0f} {1e6 * cpu / rows:>11.2f}"
              f" {size(current) / 2**20:>14.1f}", flush=True)

    for count in counts:
        shutil.rmtree(work / "dataset", ignore_errors=True)
        publish(shards[:count], work / "dataset")
    shutil.rmtree(work / "dataset")
    run([args.binary, "publish", *(shard[0] for shard in shards[:-1]), "--dataset", work / "dataset", "--quiet", *registry])
    print("the last shard on top of the others")
    publish(shards[-1:], work / "dataset")

    documents, rows, cpu, peak, disk = seen[-2]

    print(f"documents of one sentence, published with two jobs\n  documents    CPU s  peak MiB")
    of_paths, sentences = [], []
    for part in (0, 1):
        sentences.append(work / f"sentences-{part}")
        speak(args.binary, sentences[-1], range(part * args.paths, (part + 1) * args.paths))
        shutil.rmtree(work / "dataset")
        _, used, most = run([args.binary, "publish", *sentences, "--dataset", work / "dataset", "--jobs", "2", "--quiet"])
        of_paths.append((used, most))
        print(f"  {len(sentences) * args.paths:>9} {used:>8.2f} {most:>9.0f}", flush=True)
    path_cpu, path_memory = ((after - before) / args.paths for before, after in zip(*of_paths))

    million = 1_000_000
    print(f"a million documents: {million * rows / documents / 1e6:.0f} million rows,"
          f" {million * per_document / 3600:.1f} hours of one core to extract,"
          f" {million * (cpu / documents + path_cpu) / 3600:.1f} to publish,"
          f" {(peak + million * path_memory) / 1024:.1f} GiB of memory to publish ({1024 * path_memory:.1f} KiB a path),"
          f" {million * disk / documents / 2**30:.0f} GiB on disk")
    if not args.work:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
