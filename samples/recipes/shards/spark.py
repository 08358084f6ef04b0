"""Spark: each partition of files becomes a shard.   spark.py PILE SHARDS DATASET"""
import os, subprocess, sys, uuid
import pandas
from pyspark.sql import SparkSession

pile, shards, dataset, here = sys.argv[1], os.path.abspath(sys.argv[2]), sys.argv[3], os.getcwd()

def extract(batches):
    out = f"{shards}/{uuid.uuid4()}"
    worker = subprocess.Popen(["juesuan", "extract", "--stdin", "--out", out, "--quiet"], stdin=subprocess.PIPE, cwd=here)
    for path, content in (row for batch in batches for row in zip(batch["path"], batch["content"])):
        name = os.path.relpath(path.removeprefix("file:"), here).encode()
        worker.stdin.write(len(name).to_bytes(8, "little") + len(content).to_bytes(8, "little") + name + content)
    worker.stdin.close()
    yield pandas.DataFrame({"shard": [out], "exit": [worker.wait()]})

files = SparkSession.builder.getOrCreate().read.format("binaryFile").option("recursiveFileLookup", "true").load(pile)
made = files.select("path", "content").repartition(int(os.environ.get("SHARDS", 50))).mapInPandas(extract, "shard string, exit int").collect()
assert all(one.exit in (0, 1) for one in made), made
sys.exit(subprocess.run(["juesuan", "publish", *(one.shard for one in made), "--dataset", dataset]).returncode)
