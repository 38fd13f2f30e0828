"""A stage on the engine: on this machine, on a Ray cluster, or as a job of Slurm.

Tasks, completion markers, logs and statistics are datatrove's. Two of its executors are replaced by ones
that differ in one thing: a worker that is killed is noticed, and its tasks are done again by another (with
datatrove 0.10 the pool of the local executor, and of each Ray actor, waits for a killed process for ever).
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing import forkserver, resource_tracker
from typing import Any, Self

from aligner.errors import AlignerError, MissingBackend, OutputError, UsageError
from aligner.scale import layout
from aligner.scale.job import Job
from aligner.scale.options import Engine
from aligner.scale.signals import end_orderly, put_off, unheard
from aligner.scale.stages import Stage, Step
from aligner.scale.store import GOES_ON, opened, remedy_of

_TRIES = 3
"""How often a task may lose its worker before the run gives up."""

_PATIENCE = 10.0
"""Seconds to wait for a cluster's head to answer."""

Progress = Callable[[int], None]
"""Is told how many tasks of a stage are done."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Who does the work.

    Attributes:
        on: the engine.
        count: tasks at a time; 0 for as many as there are processors, or as the cluster gives.
        options: of the engine's own: arguments of `ray.init`, or of datatrove's SlurmPipelineExecutor.
    """

    on: Engine = "local"
    count: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)


class TaskError(AlignerError):
    """A task of a stage ended in an error that is not a document's."""


class Crew:
    """The workers of a run, kept from stage to stage; a context manager."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._pool: ProcessPoolExecutor | None = None
        self._ray: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Lets the workers go: at once where the program is stopped, else when their tasks are done."""
        if not self._pool:
            return
        stopped = kind is not None and not issubclass(kind, Exception)
        with put_off():
            # There is no other way to them before Python 3.14.
            workers = list((self._pool._processes or {}).values()) if stopped else []  # noqa: SLF001
            for worker in workers:
                worker.terminate()
            self._pool.shutdown(wait=not stopped, cancel_futures=True)
            for worker in workers:
                worker.join(_PATIENCE)
                worker.kill()
            self._pool = None

    def run(self, job: Job, stage: Stage, progress: Progress) -> None:
        """Does those tasks of a stage that are not done yet.

        Raises:
            TaskError: one of them could not be done; what the others made stays.
            OutputError: a result cannot be written.
        """
        executor = _executor(job, stage)
        waiting = executor.get_incomplete_ranks(range(stage.count(job)))
        done = stage.count(job) - len(waiting)
        progress(done)
        if not waiting:
            return
        executor.save_executor_as_json()
        for _ in (
            self._on_ray(executor, waiting) if self._workers.on == "ray" else self._here(executor, waiting)
        ):
            done += 1
            progress(done)

    def _here(self, executor: Any, waiting: Sequence[int]) -> Iterator[int]:
        """The tasks on processes of this machine, each rank as it is done."""
        left = list(waiting)
        for _ in range(_TRIES):
            pool = self._pool = self._pool or _pool(self._workers.count)
            with put_off():  # to submit is to start processes
                futures = {pool.submit(_do_here, executor, rank): rank for rank in left}
            try:
                for rank in _results(futures):
                    left.remove(rank)
                    yield rank
            except BrokenProcessPool:
                self._pool = None
                continue
            return
        raise TaskError(
            f"worker processes were killed {_TRIES} times, at last while doing task {left[0]}",
            "is there enough memory? Fewer --workers or a smaller --shard-size need less",
        )

    def _on_ray(self, executor: Any, waiting: Sequence[int]) -> Iterator[int]:
        """The tasks on a Ray cluster; Ray does those of a lost worker or node again by itself."""
        ray = self._ray = self._ray or _ray(self._workers)
        task = ray.remote(_do).options(num_cpus=1, max_retries=_TRIES, retry_exceptions=False)
        shared = ray.put(executor)
        limit = self._workers.count or len(waiting)
        pending: dict[Any, int] = {}
        try:
            for rank in waiting:
                pending[task.remote(shared, rank)] = rank
                if len(pending) >= limit:
                    yield _next_done(ray, pending)
            while pending:
                yield _next_done(ray, pending)
        finally:
            for reference in pending:
                ray.cancel(reference, force=True)


def _pool(count: int) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("forkserver")
    # Workers are forked from a server that has loaded what they need.
    context.set_forkserver_preload(["aligner.scale.stages"])
    with put_off():
        resource_tracker.ensure_running()  # by itself: it lets signals through again
        with unheard():
            forkserver.ensure_running()
    return ProcessPoolExecutor(count or len(os.sched_getaffinity(0)), context, initializer=_begin)


def _begin() -> None:
    end_orderly()
    _end_with_parent()


def _end_with_parent() -> None:
    """Ends this worker when the program that started it is gone: nobody waits for the result."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def done_tasks(job: Job, stage: Stage) -> int:
    """How many tasks of a stage are done."""
    return stage.count(job) - len(_executor(job, stage).get_incomplete_ranks(range(stage.count(job))))


def _executor(job: Job, stage: Stage) -> Any:
    """The engine's executor, of which only what one task needs is used."""
    try:
        from datatrove.executor import LocalPipelineExecutor
    except ImportError:
        raise MissingBackend("aligner run", "scale") from None
    return LocalPipelineExecutor([Step(job, stage.name)], stage.count(job), logging_dir=logs_of(job, stage))


def logs_of(job: Job, stage: Stage) -> Any:
    """Where the engine keeps completions, logs and statistics of a stage."""
    from datatrove.io import DataFolder

    system, root = opened(job.output)
    return DataFolder(f"{root}/{layout.STAGES}/{stage.name}", fs=system)


def _do(executor: Any, rank: int) -> int:
    """One task, in a worker: the engine marks it as done and keeps its log."""
    # The engine logs to the terminal too; what went wrong is said once, by the program that waits.
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        terminal, sys.stderr = sys.stderr, nowhere
        try:
            executor._run_for_rank(rank, local_rank=1)  # noqa: SLF001 - what its executors call
        finally:
            sys.stderr = terminal
    return rank


def _do_here(executor: Any, rank: int) -> int:
    """One task, in a process of this machine, which ends where it is told to."""
    try:
        return _do(executor, rank)
    except SystemExit as leaving:  # the pool would take it for the task's result, and begin the next one
        os._exit(int(leaving.code or 1))


def _results(futures: dict[Future[int], int]) -> Iterator[int]:
    pending = set(futures)
    while pending:
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            try:
                yield future.result()
            except (AlignerError, BrokenProcessPool):
                raise
            except Exception as error:
                raise _failed(futures[future], error) from error


def _failed(rank: int, error: BaseException) -> TaskError | OutputError:
    reason = f"{type(error).__name__}: {error}".splitlines()[0]
    if isinstance(error, OSError):
        what = (error.strerror or str(error)).lower()
        return OutputError(f"task {rank} stopped ({what})", f"{remedy_of(error)}; {GOES_ON}")
    return TaskError(f"task {rank} failed ({reason})", "its log is in work/stages; the same command goes on")


def _next_done(ray: Any, pending: dict[Any, int]) -> int:
    (reference,), _ = ray.wait(list(pending), num_returns=1)
    rank = pending.pop(reference)
    try:
        ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        cause = error.cause
        raise cause if isinstance(cause, AlignerError) else _failed(rank, cause) from None
    except ray.exceptions.RayError as error:
        raise _failed(rank, error) from None
    return rank


def _ray(workers: Workers) -> Any:
    """Ray, connected to the cluster."""
    try:
        import ray
    except ImportError:
        raise MissingBackend("--on ray", "scale") from None
    if not ray.is_initialized():
        try:
            _knock(str(workers.options.get("address", "")))
            ray.init(**{"log_to_driver": False, "logging_level": "error", **workers.options})
        except (ConnectionError, ValueError, TypeError) as error:
            raise UsageError(
                f"no Ray cluster ({error})", "name it: --engine-option address=HOST:PORT"
            ) from None
    return ray


def _knock(address: str) -> None:
    """Whether anybody is there: Ray itself would wait for minutes.

    Raises:
        OSError: nobody is.
    """
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon and port.isdigit():
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
