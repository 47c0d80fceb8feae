"""What a process that runs models does once, before it loads the first: one thread, and memory kept."""

import ctypes
import os

VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
# From glibc's malloc.h.
TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3


def use_one_thread() -> None:
    """Keep torch and faiss to one thread in this process; call it before the first model is loaded.

    Workers run side by side, one per core; two threads on a busy machine are slower than one.
    """
    for variable in VARIABLES:
        os.environ.setdefault(variable, "1")
    import torch

    torch.set_num_threads(1)


def keep_freed_memory() -> None:
    """Let the C library keep freed memory for the next batch instead of handing it back to the system.

    A net asks for the same large blocks with every batch. Handed back, each page is cleared and mapped anew,
    which took up to a third of the processor time; the peak of memory is the same. Without glibc nothing
    happens.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(MMAP_THRESHOLD, 256 * 2**20)
        mallopt(TRIM_THRESHOLD, 512 * 2**20)
