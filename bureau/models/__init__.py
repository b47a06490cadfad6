from bureau.models.actions import ActionRecord
from bureau.models.areas import PoolingArea
from bureau.models.batches import BatchChunk, BatchException, BatchRun, ChunkState, RunState
from bureau.models.staff import User

__all__ = [
    "ActionRecord",
    "BatchChunk",
    "BatchException",
    "BatchRun",
    "ChunkState",
    "PoolingArea",
    "RunState",
    "User",
]
