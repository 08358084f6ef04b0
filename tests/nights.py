#!/usr/bin/env python3
"""What may go wrong at night, tried on the real program: kills, broken disks, crowds, and readers that look on.

    cargo build
    python3 tests/nights.py [--binary target/debug/juesuan] [--short] [kills|faults|crowd|trouble|readers ...]

kills    SIGKILL at random moments of a first load, an increment and a resubmission (--rounds each): at every moment a reader
         sees a whole snapshot, and the next run ends in the dataset of an undisturbed one
faults   ENOSPC and EIO at every write of a publication, one after the other: exit code 3 and the snapshot before, or done
crowd    20 imports while one is held open: exit code 4 each
trouble  a full disk, a read-only target, unreadable inputs, a folder that vanishes, an empty share: the promised exit codes
readers  duckdb, pyarrow and polars, each in a process of its own, race --switches publications (those that are installed)

Without names all but `readers` are run. `--short` is what the test suite runs. Needs nothing but Python.
"""
import argparse
import fcntl
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

UNITS = ["青禾县水利局", "青禾县民政局", "青禾县教育局", "青禾县司法局"]
YEARS = [2021, 2022]


def table(unit, year, receptions):
    """The table of the three public expenses, as text."""
    total = receptions + 2
    return (
        f"{year}年度一般公共预算财政拨款“三公”经费支出决算表\n编制单位：{unit}　　　单位：万元\n"
        "| 项目 | 预算数 | 决算数 |\n"
        f"| 合计 | {total}.00 | {total}.50 |\n"
        "| 因公出国（境）费 | 0.00 | 0.00 |\n"
        "| 公务用车购置及运行费 | 2.00 | 2.00 |\n"
        f"| 公务接待费 | {receptions}.00 | {receptions}.50 |\n"
    )


def write(pile, unit, year, receptions):
    file = pile / str(year) / unit / "决算公开表.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(table(unit, year, receptions), encoding="utf-8")
    return file


def make_pile(pile, receptions=10):
    for year in YEARS:
        for at, unit in enumerate(UNITS):
            write(pile, unit, year, receptions + at)


class Juesuan:
    def __init__(self, binary):
        self.binary = binary

    def command(self, pile, dataset, *more):
        return [self.binary, "import", str(pile), "--dataset", str(dataset), "--quiet", "--csv", "--jobs", "2", *more]

    def run(self, pile, dataset, *more, fault=None, **how):
        environment = {**os.environ, "LC_ALL": "C"}
        if fault:
            environment["JUESUAN_FAULT"] = fault
        return subprocess.run(self.command(pile, dataset, *more), env=environment, capture_output=True, text=True, **how)


def content(dataset):
    """What a reader sees: for each table its rows, whoever wrote them and whenever; None where nothing was published."""
    link = Path(dataset) / "current"
    if not link.is_symlink():
        return None
    current = link.resolve(strict=True)
    found = {}
    for file in sorted(current.rglob("*")):
        name = str(file.relative_to(current))
        if file.is_dir() or file.suffix == ".json" or name.startswith(("state/ledger", "documents/")):
            continue
        if "-bridge-" in name:
            continue  # a year that comes, without a row: what `readers` sees as the snapshot before
        data = file.read_bytes()
        if file.suffix == ".parquet":
            assert data[:4] == data[-4:] == b"PAR1", f"{file} is half a file"
            # The law: the same rows are the same bytes.
            name = name.rsplit("part-", 1)[0]
        if name == "csv/documents.csv":
            # Neither when, nor what was there before.
            lines = [line for line in data.splitlines() if b",superseded," not in line]
            data = b"\n".join(b",".join(line.split(b",")[:-2]) for line in lines)
        found[name] = hashlib.sha256(data).hexdigest()
    assert {name.split("/")[0] for name in found} >= {"figures", "facts", "findings", "forms", "texts", "csv"}, found
    return found


def fresh(juesuan, pile, work, name, *more):
    """The dataset of an undisturbed import."""
    dataset = work / f"undisturbed-{name}"
    shutil.rmtree(dataset, ignore_errors=True)
    done = juesuan.run(pile, dataset, *more)
    assert done.returncode in (0, 1), done.stderr
    return dataset


def copy(dataset, to):
    shutil.rmtree(to, ignore_errors=True)
    if dataset is not None:
        shutil.copytree(dataset, to, symlinks=True)
    return to


def scenarios(juesuan, work):
    """Name, how the pile is put there, the pile, the dataset before (or None), what is to be seen before and after."""
    first = work / "pile-first"
    more = work / "pile-more"
    again = work / "pile-again"
    make_pile(first)
    make_pile(more)
    write(more, "青禾县财政局", 2022, 30)
    write(more, "青禾县财政局", 2023, 31)
    make_pile(again)
    write(again, UNITS[0], 2021, 77)
    (again / "2022" / UNITS[1] / "决算公开表.txt").rename(again / "2022" / UNITS[1] / "决算公开表（终稿）.txt")
    # The inputs' paths are part of the dataset: each scenario imports from the same folder.
    pile = work / "pile"

    def put(of):
        shutil.rmtree(pile, ignore_errors=True)
        shutil.copytree(of, pile)
        for file in pile.rglob("*.txt"):
            os.utime(file, (1_600_000_000, 1_600_000_000))

    put(first)
    before = fresh(juesuan, pile, work, "first")
    seen = content(before)
    result = [("first load", lambda: put(first), pile, None, None, seen)]
    for name, of in [("increment", more), ("resubmission", again)]:
        put(of)
        after = copy(before, work / f"undisturbed-{name}")
        done = juesuan.run(pile, after)
        assert done.returncode in (0, 1), done.stderr
        expected = content(after)
        assert expected == content(fresh(juesuan, pile, work, "whole")) and expected != seen
        result.append((name, lambda of=of: put(of), pile, before, seen, expected))
    return result


def unfinished(dataset):
    folder = Path(dataset) / "snapshots"
    left = [name for name in os.listdir(folder) if name.startswith(".unfinished")]
    return left + [name for name in os.listdir(dataset) if name.startswith(".current-")]


def kills(juesuan, work, options):
    for name, put, pile, before, old, new in scenarios(juesuan, work):
        if options.only and name not in options.only:
            continue
        put()
        dataset = work / "killed"
        copy(before, dataset)
        started = time.perf_counter()
        juesuan.run(pile, dataset)
        whole = time.perf_counter() - started
        counts = {"before": 0, "after": 0}
        for _ in range(options.rounds):
            copy(before, dataset)
            process = subprocess.Popen(juesuan.command(pile, dataset), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            moment = random.uniform(0, 1.1 * whole)
            end = time.perf_counter() + moment
            while time.perf_counter() < end:
                # A reader that looks while the import works.
                seen = content(dataset) if dataset.exists() else None
                assert seen in (old, new), f"{name}: a reader sees neither the one nor the other"
            process.send_signal(signal.SIGKILL)
            process.wait()
            seen = content(dataset) if dataset.exists() else None
            assert seen in (old, new), f"{name}: killed after {moment:.4f} s: neither the one nor the other"
            counts["after" if seen == new else "before"] += 1
            done = juesuan.run(pile, dataset)
            assert done.returncode in (0, 1), done.stderr
            assert content(dataset) == new, f"{name}: killed after {moment:.4f} s: the next run ends otherwise"
            assert not unfinished(dataset), unfinished(dataset)
        print(f"kills, {name}: {options.rounds} rounds, current was the snapshot {counts}; an import takes {whole:.3f} s")


def faults(juesuan, work, options):
    enough = 2 if options.short else 12
    for name, put, pile, before, old, new in scenarios(juesuan, work)[1 if options.short else 0:2 if options.short else None]:
        if options.only and name not in options.only:
            continue
        put()
        for kind in ["enospc", "eio"]:
            dataset = work / "faulty"
            at, stopped, quiet = random.randint(1, options.stride), 0, 0
            while quiet < enough:
                copy(before, dataset)
                done = juesuan.run(pile, dataset, fault=f"{kind}@{at}")
                seen = content(dataset) if dataset.exists() else None
                if done.returncode == 3:
                    assert seen == old, f"{name}, {kind}@{at}: exit code 3, and the snapshot before does not stand"
                    words = ["No space left"] if kind == "enospc" else ["Input/output error"]
                    assert any(word in done.stderr for word in words), (kind, at, done.stderr)
                    stopped, quiet = stopped + 1, 0
                else:
                    assert done.returncode in (0, 1), (kind, at, done.returncode, done.stderr)
                    assert seen == new, f"{name}, {kind}@{at}: exit code {done.returncode}, and the new one is not there"
                    quiet += 1
                done = juesuan.run(pile, dataset)
                assert done.returncode in (0, 1) and content(dataset) == new, (kind, at, done.stderr)
                assert not unfinished(dataset), (kind, at, unfinished(dataset))
                at += options.stride
            print(f"faults, {name}: of about {at - enough * options.stride} operations {stopped} tried ones stopped it with {kind}, each clean")


def is_locked(path):
    with open(path, "rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def crowd(juesuan, work, options):
    pile, dataset = work / "pile", work / "crowd"
    shutil.rmtree(pile, ignore_errors=True)
    make_pile(pile)
    shutil.rmtree(dataset, ignore_errors=True)
    # A pipe among the inputs that nobody writes into holds an import open for as long as we like; so does a stop.
    process = subprocess.Popen(juesuan.command(pile, dataset), stderr=subprocess.DEVNULL)
    while not (dataset / "import.lock").exists():
        time.sleep(0.0005)
    process.send_signal(signal.SIGSTOP)
    # The lock's file is there a moment before it is locked.
    if process.poll() is None and is_locked(dataset / "import.lock") and not (dataset / "current").is_symlink():
        others = [subprocess.Popen(juesuan.command(pile, dataset), stderr=subprocess.PIPE, text=True) for _ in range(20)]
        results = [(other.communicate()[1], other.returncode) for other in others]
        process.send_signal(signal.SIGCONT)
        assert all(code == 4 for _, code in results), results
        assert process.wait() in (0, 1)
        assert content(dataset) == content(fresh(juesuan, pile, work, "crowd"))
        print("crowd: 20 imports while one is held open: exit code 4 each, and it went on")
    else:
        process.send_signal(signal.SIGCONT)
        process.wait()
        return crowd(juesuan, work, options)
    for number in [signal.SIGINT, signal.SIGTERM]:
        shutil.rmtree(dataset)
        process = subprocess.Popen(juesuan.command(pile, dataset), stderr=subprocess.PIPE, text=True)
        while not (dataset / "import.lock").exists():
            time.sleep(0.0005)
        process.send_signal(number)
        said = process.communicate()[1]
        assert process.returncode in (0, 1, 3), (number, process.returncode, said)
        assert process.returncode != 3 or "stopped" in said, said
        assert not unfinished(dataset)
        print(f"crowd: signal {number.name}: exit code {process.returncode}")


def trouble(juesuan, work, options):
    pile = work / "pile"
    shutil.rmtree(pile, ignore_errors=True)
    make_pile(pile)
    dataset = work / "troubled"
    copy(fresh(juesuan, pile, work, "trouble"), dataset)
    old = content(dataset)

    # A known file that cannot be read, a new one, and a folder.
    as_other = {"user": 65534, "group": 65534} if os.getuid() == 0 else {}
    if as_other:
        subprocess.run(["chmod", "-R", "a+rwX", str(work)], check=True)
    known = pile / "2021" / UNITS[0] / "决算公开表.txt"
    folder = pile / "2022" / UNITS[1]
    new = pile / "2022" / "新.txt"
    new.write_text("x")
    for path in [known, folder, new]:
        path.chmod(0)
    os.utime(known)
    loud = [argument for argument in juesuan.command(pile, dataset, "--prune", "--rescan") if argument != "--quiet"]
    done = subprocess.run(loud, env={**os.environ, "LC_ALL": "C"}, capture_output=True, text=True, **as_other)
    assert done.returncode == 1, (done.returncode, done.stderr)
    assert "could not be read this time" in done.stderr and str(new) in done.stderr, done.stderr
    after = content(dataset)
    for name in ["figures/fiscal_year=2021/", "figures/fiscal_year=2022/", "facts/fiscal_year=2022/"]:
        assert old[name] == after[name], f"{name}: what could not be read is gone"
    for path in [known, folder, new]:
        path.chmod(0o777)
    new.unlink()
    done = juesuan.run(pile, dataset, "--prune")
    assert done.returncode == 0 and content(dataset) == old, done.stderr
    print("trouble: unreadable files and folders: exit code 1, what was read before stays")

    # A share that is not there, or is empty.
    away = work / "away"
    pile.rename(away)
    done = juesuan.run(pile, dataset, "--prune")
    assert done.returncode == 2 and "does not exist" in done.stderr, done.stderr
    pile.mkdir()
    done = juesuan.run(pile, dataset, "--prune")
    assert done.returncode == 3 and "no file" in done.stderr and content(dataset) == old, done.stderr
    pile.rmdir()
    away.rename(pile)
    print("trouble: a share that is not there: exit code 2; an empty one: 3, nothing pruned")

    # A folder that vanishes in the middle.
    for _ in range(1 if options.short else 30):
        copy(fresh(juesuan, pile, work, "trouble"), dataset)
        target = pile / "2022"
        for file in target.rglob("*.txt"):
            os.utime(file)
        keep = work / "kept-2022"
        shutil.copytree(target, keep)
        timer = threading.Timer(random.uniform(0, 0.05), lambda: shutil.rmtree(target))
        timer.start()
        done = juesuan.run(pile, dataset)
        timer.join()
        assert done.returncode in (0, 1), done.stderr
        assert content(dataset)["figures/fiscal_year=2022/"] == old["figures/fiscal_year=2022/"]
        shutil.rmtree(target, ignore_errors=True)
        keep.rename(target)
    done = juesuan.run(pile, dataset)
    assert done.returncode == 0 and content(dataset) == old, done.stderr
    print("trouble: a folder that vanishes in the middle: exit code 0 or 1, its figures stay")

    # A file where the dataset should be; a read-only target; a disk that fills up.
    file = work / "a file"
    file.write_text("x")
    done = juesuan.run(pile, file)
    assert done.returncode == 3, done.stderr
    mount = work / "mount"
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(mount)], stderr=subprocess.DEVNULL).returncode:
        print("trouble: full disk and read-only target: skipped, no right to mount")
        return
    try:
        full = mount / "dataset"
        done = juesuan.run(pile, full)
        assert done.returncode == 0, done.stderr
        before, at = content(full), 0
        assert before == old
        while done.returncode != 3:
            at += 1
            write(pile, f"青禾县第{at}局", 2022, at)
            before = content(full)
            done = juesuan.run(pile, full)
            assert at < 200
        assert "No space left" in done.stderr and content(full) == before, done.stderr
        assert not unfinished(full)
        print(f"trouble: a full disk after {at} imports: exit code 3, the snapshot before stands")
        subprocess.run(["mount", "-o", "remount,ro", str(mount)], check=True)
        done = juesuan.run(pile, full)
        assert done.returncode == 3 and "Read-only" in done.stderr and content(full) == before, done.stderr
        print("trouble: a read-only target: exit code 3, the snapshot before stands")
    finally:
        subprocess.run(["umount", str(mount)], check=True)
        mount.rmdir()


QUERY = {
    "duckdb": """
import duckdb
connection = duckdb.connect()
def ask(path):
    rows = connection.execute(f"SELECT fiscal_year, count(*), sum(value)::VARCHAR FROM read_parquet('{path}/**/*.parquet')"
                              " GROUP BY ALL ORDER BY ALL").fetchall()
    return str([(int(year), int(count), str(total)) for year, count, total in rows])
""",
    "polars": """
import polars as pl
def ask(path):
    frame = pl.scan_parquet(f"{path}/**/*.parquet", hive_partitioning=False)
    frame = frame.group_by("fiscal_year").agg(pl.len(), pl.col("value").sum()).sort("fiscal_year").collect()
    return str([(int(year), int(count), f"{total:.6f}") for year, count, total in frame.rows()])
""",
    "pyarrow": """
import pyarrow.dataset as ds
def ask(path):
    table = ds.dataset(path, format="parquet", partitioning=None).to_table(columns=["fiscal_year", "value"])
    table = table.group_by("fiscal_year").aggregate([("value", "count"), ("value", "sum")]).sort_by("fiscal_year")
    rows = zip(*[table[name].to_pylist() for name in ["fiscal_year", "value_count", "value_sum"]])
    return str([(int(year), int(count), f"{total:.6f}") for year, count, total in rows])
""",
}

READER = """
import sys
path, answers = sys.argv[1], {}
while True:
    try:
        answer = ask(path)
    except Exception as error:
        answer = "error: " + type(error).__name__
    answers[answer] = answers.get(answer, 0) + 1
    if sys.stdin in __import__("select").select([sys.stdin], [], [], 0)[0]:
        break
print(repr(answers))
"""

ASK = """
import sys
for path in sys.argv[1:]:
    print(ask(path))
"""


def readers(juesuan, work, options):
    pile, dataset = work / "pile", work / "raced"
    shutil.rmtree(pile, ignore_errors=True)
    shutil.rmtree(dataset, ignore_errors=True)
    make_pile(pile)
    assert juesuan.run(pile, dataset).returncode == 0
    racing = {}
    for name, query in QUERY.items():
        if subprocess.run([sys.executable, "-c", query], stderr=subprocess.DEVNULL).returncode:
            print(f"readers: {name} is not installed")
            continue
        racing[name] = subprocess.Popen([sys.executable, "-c", query + READER, str(dataset / "current" / "facts")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    time.sleep(3)
    for switch in range(options.switches):
        # Years come and go, files change, come and go.
        year = 2010 + switch % 11
        file = pile / str(year) / UNITS[0] / "决算公开表.txt"
        if switch % 3 == 2 and file.exists():
            file.unlink()
        else:
            write(pile, UNITS[0], year, switch)
        write(pile, UNITS[1], 2022, 100 + switch)
        done = juesuan.run(pile, dataset, "--prune", "--keep", str(options.switches + 2))
        assert done.returncode in (0, 1), done.stderr
    snapshots = sorted(path for path in (dataset / "snapshots").iterdir() if not path.name.startswith("."))
    for name, process in racing.items():
        answers = eval(process.communicate("\n")[0])
        right = subprocess.run([sys.executable, "-c", QUERY[name] + ASK, *[str(path / "facts") for path in snapshots]],
                               capture_output=True, text=True, check=True).stdout.splitlines()
        wrong = {answer: count for answer, count in answers.items() if answer not in right and not answer.startswith("error")}
        # A bridge is the snapshot before with an empty part for the year that comes.
        errors = sum(count for answer, count in answers.items() if answer.startswith("error"))
        print(f"readers, {name}: {sum(answers.values())} answers over {len(snapshots)} snapshots,"
              f" {len(answers)} different, {errors} loud errors, {len(wrong)} wrong")
        assert not wrong, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*")
    parser.add_argument("--binary", default="target/debug/juesuan")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--stride", type=int)
    parser.add_argument("--only", action="append", choices=["first load", "increment", "resubmission"], help="of kills and faults")
    parser.add_argument("--switches", type=int, default=200)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options = parser.parse_args()
    options.rounds = options.rounds or (2 if options.short else 500)
    options.stride = options.stride or (41 if options.short else 1)
    random.seed(options.seed)
    print(f"seed {options.seed}")
    juesuan = Juesuan(str(Path(options.binary).resolve()))
    work = Path(tempfile.mkdtemp(prefix="juesuan-nights-"))
    try:
        every = {"kills": kills, "faults": faults, "crowd": crowd, "trouble": trouble, "readers": readers}
        for name in options.what or ["kills", "faults", "crowd", "trouble"]:
            every[name](juesuan, work, options)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print("all is well")


if __name__ == "__main__":
    main()
