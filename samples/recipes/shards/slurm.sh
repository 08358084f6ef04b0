#!/bin/sh
#SBATCH --array=0-49
# A cluster: 50 tasks share a list of files.   find PILE -type f | sort > files.txt
#   job=$(sbatch --parsable slurm.sh files.txt SHARDS)
#   sbatch --dependency=afterok:$job --wrap 'juesuan publish SHARDS/* --dataset DATASET'
set -eu
list=$1 shards=$2 tasks=${SLURM_ARRAY_TASK_COUNT:-50} task=$SLURM_ARRAY_TASK_ID
mkdir -p "$shards"
lines=$(wc -l < "$list")
part=$(( (lines + tasks - 1) / tasks ))
mine=$(mktemp)
sed -n "$(( task * part + 1 )),$(( (task + 1) * part ))p" "$list" > "$mine"
juesuan extract --files-from "$mine" --out "$shards/$task" --quiet || [ $? -eq 1 ]
