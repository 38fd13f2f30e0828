"""A run as a chain of Slurm jobs, an array of tasks each; the engine's own executor, submitted and left."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from typing import Any

from aligner.errors import UsageError
from aligner.scale import layout
from aligner.scale.engine import Workers, logs_of
from aligner.scale.job import Job
from aligner.scale.stages import Stage, Step


def submit(job: Job, stages: Iterable[Stage], workers: Workers) -> list[tuple[str, str]]:
    """Submits the stages that are not done, each to begin when the one before has ended well.

    Args:
        job: the run; its folder must be one that every node sees.
        stages: in order.
        workers: `count` tasks at a time; `options` are those of datatrove's SlurmPipelineExecutor, of which
            `time` and `partition` are needed.

    Returns:
        (name, job id) of each stage submitted.

    Raises:
        UsageError: there is no Slurm here, or an option is missing or unknown.
    """
    if shutil.which("sbatch") is None:
        raise UsageError("there is no sbatch on this machine", "submit from a node of the cluster")
    missing = [name for name in ("time", "partition") if name not in workers.options]
    if missing:
        example = " ".join(f"--engine-option {name}=…" for name in missing)
        raise UsageError(f"Slurm needs {' and '.join(missing)}", f"add {example}")
    from datatrove.executor import SlurmPipelineExecutor
    from loguru import logger

    logger.disable("datatrove")  # it tells the terminal what is returned here
    before: Any = None
    submitted = []
    job.store.remove(layout.LOCK)  # of a run on one machine before: it tells nothing of these jobs
    for stage in stages:
        try:
            executor = SlurmPipelineExecutor(
                [Step(job, stage.name)],
                stage.count(job),
                depends=before,
                job_name=f"aligner-{stage.name}",
                logging_dir=logs_of(job, stage),
                workers=workers.count or -1,
                **{"mail_type": "NONE", "qos": "", **workers.options},
            )
        except TypeError as error:
            raise UsageError(f"Slurm's executor does not know an option ({error})") from None
        executor.run()
        if executor.job_id != -1:
            submitted.append((stage.name, str(executor.job_id)))
            before = executor
    return submitted
