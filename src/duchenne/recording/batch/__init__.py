"""Many sources at once: workers, long videos in stretches, and one table of everything."""

from duchenne.recording.batch.jobs import COUNTS, KEY, Counts, Job, Settings, find_all, jobs_for
from duchenne.recording.batch.results import write_results, write_small
from duchenne.recording.batch.running import Listener, Outcome, run_batch

__all__ = [
    "COUNTS",
    "KEY",
    "Counts",
    "Job",
    "Listener",
    "Outcome",
    "Settings",
    "find_all",
    "jobs_for",
    "run_batch",
    "write_results",
    "write_small",
]
