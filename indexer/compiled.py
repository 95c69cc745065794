"""Compiled: compile kernels with numba, and cache their machine code on disk.

The first compilation takes seconds. Its result is cached beside the source file, or in numba's
cache folder. If neither can be written, every process compiles the kernels again. The cached code
is used only for the same code, constants and options of the kernel and of all that it calls. Numba
alone would look only at the file of the kernel itself, and use old code after a change of a helper
in another file.
"""

import hashlib
import warnings
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

_told: list[str] = []


def kernel(function: F) -> F:
    """Compile *function* at its first call, and cache the result on disk if possible.

    The functions that it calls, and the constants of its module that it reads, must be defined
    above it: a digest of them is made here, at import.
    """
    try:
        made = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError as error:
        return _not_kept(function, str(error))
    if not hasattr(made, "py_func"):  # where numba is told to compile nothing
        return function
    # Numba has no public way to add to the stamp of its cache.
    kept: Any = getattr(getattr(made, "_cache", None), "_cache_file", None)
    if not hasattr(kept, "_source_stamp"):
        return _not_kept(
            function, "this version of numba has no stamp for its cache that could be set"
        )
    kept._source_stamp = (kept._source_stamp, digest(made))  # noqa: SLF001
    return cast("F", made)


def _not_kept(function: F, why: str) -> F:
    if not _told:
        _told.append(why)
        warnings.warn(f"kernels are compiled again in each process: {why}", stacklevel=3)
    return cast("F", njit(nogil=True, error_model="numpy")(function))


def inner(function: F) -> F:
    """Compile *function* into each kernel that calls it; it must not make an array.

    With `_nrt`, a call counts references to each of its arrays, with atomic additions: 21 ns
    instead of 2 for each posting (numba 0.68).
    """
    return cast("F", njit(forceinline=True, _nrt=False, nogil=True, error_model="numpy")(function))


def shared(function: F) -> F:
    """Compile *function* once for all calls of a kernel; it must not make an array.

    Like `inner`, it counts no references. A long function that is called in many places compiles
    much faster so.
    """
    return cast("F", njit(_nrt=False, nogil=True, error_model="numpy")(function))


def digest(function: Callable[..., Any]) -> str:
    """Return a digest of the code, constants and options of *function* and of all that it calls."""
    content = hashlib.sha256()
    for piece in _pieces(function, set()):
        content.update(piece)
    return content.hexdigest()


def _pieces(function: object, seen: set[int]) -> Iterator[bytes]:
    plain = getattr(function, "py_func", function)
    if not isinstance(plain, FunctionType) or id(plain) in seen:
        return
    seen.add(id(plain))
    yield repr(sorted(getattr(function, "targetoptions", {}).items())).encode()
    code = plain.__code__
    yield code.co_code + repr([each for each in code.co_consts if _is_plain(each)]).encode()
    for name in code.co_names:
        value: Any = plain.__globals__.get(name)
        if _is_plain(value):
            yield f"{name}={value!r}".encode()
        elif hasattr(value, "tobytes"):  # numpy's
            yield name.encode() + value.tobytes()
        elif hasattr(value, "py_func"):
            yield from _pieces(value, seen)


def _is_plain(value: object) -> bool:
    return isinstance(value, (int, float, str, tuple))
