"""Ray Data: each batch of files becomes a shard.   ray_data.py PILE SHARDS DATASET"""
import os, subprocess, sys, uuid
import ray

pile, shards, dataset = sys.argv[1:4]
root, here = os.path.abspath(shards), os.getcwd()

def extract(batch):
    out = f"{root}/{uuid.uuid4()}"
    command = ["juesuan", "extract", "--stdin", "--out", out, "--jobs", "1", "--quiet"]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=here)
    for name, content in zip((os.path.relpath(path, here).encode() for path in batch["path"]), batch["bytes"]):
        worker.stdin.write(len(name).to_bytes(8, "little") + len(content).to_bytes(8, "little") + name + content)
    worker.stdin.close()
    return {"shard": [out], "exit": [worker.wait()]}

files = ray.data.read_binary_files(os.path.abspath(pile), include_paths=True)
made = files.map_batches(extract, batch_size=int(os.environ.get("FILES", 500))).take_all()
assert all(one["exit"] in (0, 1) for one in made), made
sys.exit(subprocess.run(["juesuan", "publish", *(one["shard"] for one in made), "--dataset", dataset]).returncode)
