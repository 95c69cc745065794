"""Compiled: how a kernel is compiled, and where its machine code is kept on disk.

To compile all kernels takes 15 seconds or so, so the machine code is kept. The folder is the first
of these that this user may write to:

1. the one that `set_cache` was given, or the environment variable MARSAD_CACHE names;
2. `__pycache__` beside the module;
3. numba's folder in the user's cache (`~/.cache/numba`);
4. `marsad-UID` in TMPDIR, /var/tmp or /tmp.

Code from such a folder is run, so 1 and 4 must be folders that no other user can write to. For the
same reason nothing is kept beside an index: an index may come from somebody else.

Numba takes kept code as current while the kernel's own file is unchanged. A constant or a helper in
another file would be missed, so a digest of all that a kernel calls is part of the stamp.
"""

import hashlib
import logging
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

CACHE_VARIABLE = "MARSAD_CACHE"
_LOG = logging.getLogger("marsad.compiled")
_GROUP_WRITES, _OTHERS_WRITE = 0o020, 0o002

_chosen: list[Path] = []


def set_cache(folder: Path) -> str:
    """Keep machine code in *folder*, which is made where it is missing.

    Call it before a module with kernels is imported. It returns why the folder cannot be used,
    and an empty string where it can. Processes that are forked keep the folder; those that are
    spawned, as on macOS, read the environment variable only.
    """
    problem = _problem_of(folder)
    if not problem:
        _chosen[:] = [folder]
    return problem


def kernel(function: F) -> F:
    """Compile *function* at its first call, with the result cached on disk where possible.

    Functions that it calls and constants that it reads must be defined above it in its module,
    because the digest is taken here.
    """
    return _compiled(function, {"nogil": True, "error_model": "numpy"})


def bounded(function: F) -> F:
    """Do the same as `kernel`, for a kernel that follows numbers of a file.

    It raises an IndexError where a damaged number leads out of an array, and reads nothing there.
    """
    return _compiled(function, {"nogil": True, "error_model": "numpy", "boundscheck": True})


def _compiled(function: F, options: dict[str, Any]) -> F:
    from numba import njit  # noqa: PLC0415  (see _numba_cache)

    _numba_cache()
    try:
        made = njit(cache=True, **options)(function)
    except RuntimeError as error:  # numba found no folder of its own
        if not _fallback():
            return _uncached(function, str(error), options)
        made = njit(cache=True, **options)(function)
    if not hasattr(made, "py_func"):  # NUMBA_DISABLE_JIT is set
        return function
    # Numba has no public way to add to the stamp.
    kept: Any = getattr(getattr(made, "_cache", None), "_cache_file", None)
    if not hasattr(kept, "_source_stamp"):
        return _uncached(function, "this numba lets no stamp be set on its cache files", options)
    kept._source_stamp = (kept._source_stamp, digest(made))  # noqa: SLF001
    return cast("F", made)


@cache
def _numba_cache() -> None:
    """Hand the folder that was set to numba.

    Numba is imported in functions because the command line imports this module for `set_cache`,
    and a sync that finds nothing new needs no numba, which takes half a second to load.
    """
    from numba import config  # noqa: PLC0415

    named = "" if _chosen else os.environ.get(CACHE_VARIABLE, "")
    if named:
        problem = set_cache(Path(named))
        if problem:
            _LOG.warning("%s=%s: %s; another folder is used", CACHE_VARIABLE, named, problem)
    if _chosen:
        config.CACHE_DIR = str(_chosen[0])


@cache
def _fallback() -> bool:
    """Choose a folder for temporary files; return whether there is one."""
    from numba import config  # noqa: PLC0415

    for base in dict.fromkeys(_bases()):
        folder = Path(base) / f"marsad-{os.geteuid()}"
        if not folder.is_symlink() and not _problem_of(folder):
            config.CACHE_DIR = str(folder)
            _LOG.info("compiled code is kept in %s", folder)
            return True
    return False


def _bases() -> tuple[str, ...]:
    # /var/tmp before /tmp: it outlives a restart of the machine.
    return (os.environ.get("TMPDIR") or "/var/tmp", "/var/tmp", tempfile.gettempdir())  # noqa: S108


def _problem_of(folder: Path) -> str:
    """Make *folder*; return why machine code must not be kept there, empty where it may."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = folder.resolve()
        for each in (place, *place.parents):
            about = each.stat()
            writers = about.st_mode & _OTHERS_WRITE
            if about.st_gid not in (0, os.getegid()):
                writers |= about.st_mode & _GROUP_WRITES
            # In a sticky folder such as /tmp, others cannot rename what is ours.
            if about.st_uid not in (0, os.geteuid()):
                return f"{each} belongs to another user, and compiled code from here is run"
            if writers and (each == place or not about.st_mode & stat.S_ISVTX):
                return f"other users may write to {each}, and compiled code from here is run"
    except OSError as error:
        return error.strerror or str(error)
    return "" if os.access(place, os.W_OK | os.X_OK) else "this user may not write there"


@cache
def _warn(why: str) -> None:
    _LOG.warning(
        "kernels are compiled anew in each run, which takes 15 seconds or so: %s; set %s to a "
        "folder that this user alone may write to",
        why,
        CACHE_VARIABLE,
    )


def _uncached(function: F, why: str, options: dict[str, Any]) -> F:
    from numba import njit  # noqa: PLC0415

    _warn(why.partition(" for file")[0].partition(" function ")[0])
    return cast("F", njit(**options)(function))


def bounded_inner(function: F) -> F:
    """Do the same as `inner`, for what a `bounded` kernel calls."""
    from numba import njit  # noqa: PLC0415

    options = {"_nrt": False, "nogil": True, "error_model": "numpy", "boundscheck": True}
    return cast("F", njit(forceinline=True, **options)(function))


def inner(function: F) -> F:
    """Compile *function* into each kernel that calls it; it must not create an array.

    Without `_nrt` a call counts references to each array it is given, with locked
    additions: 21 ns in place of 2 for each posting (numba 0.68).
    """
    from numba import njit  # noqa: PLC0415

    return cast("F", njit(forceinline=True, _nrt=False, nogil=True, error_model="numpy")(function))


def shared(function: F) -> F:
    """Compile *function* once for a kernel that calls it in many places.

    It must not create an array. Like `inner` it counts no references. To inline it at every call
    would make the compilation slow.
    """
    from numba import njit  # noqa: PLC0415

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
