"""Compiled: how a kernel is compiled and its machine code kept on disk.

A first compilation takes seconds and is kept beside the source file, or in numba's
own cache folder; where neither can be written, kernels are compiled in every process.
What is kept serves the code, constants and options that it was made of: numba looks at the
kernel's own file alone, and would take rules that were changed elsewhere for the old ones.
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
    """Compile *function* at its first call, with the result cached on disk where possible.

    What it calls and reads of its module stands before it.
    """
    try:
        made = njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError as error:
        return _not_kept(function, str(error))
    if not hasattr(made, "py_func"):  # where numba is told to compile nothing
        return function
    # Numba has no other way.
    kept: Any = getattr(getattr(made, "_cache", None), "_cache_file", None)
    if not hasattr(kept, "_source_stamp"):
        return _not_kept(function, "this numba lets no stamp be set on what it keeps")
    kept._source_stamp = (kept._source_stamp, digest(made))  # noqa: SLF001
    return cast("F", made)


def _not_kept(function: F, why: str) -> F:
    if not _told:
        _told.append(why)
        warnings.warn(f"kernels are compiled anew in each process: {why}", stacklevel=3)
    return cast("F", njit(nogil=True, error_model="numpy")(function))


def inner(function: F) -> F:
    """Write *function*, which makes no array, into the kernels that call it.

    Without `_nrt` a call counts references to each array it is given, with locked
    additions: 21 ns in place of 2 for each posting (numba 0.68).
    """
    return cast("F", njit(forceinline=True, _nrt=False, nogil=True, error_model="numpy")(function))


def shared(function: F) -> F:
    """Compile *function*, which makes no array, once for a kernel that calls it in many places.

    Like `inner` it counts no references; written in place each time it would take long to compile.
    """
    return cast("F", njit(_nrt=False, nogil=True, error_model="numpy")(function))


def digest(function: Callable[..., Any]) -> str:
    """Return a digest of *function*, and of all that it calls: code, constants, options."""
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
