"""Runs: commands of the program in forked children of a warm process, which can be killed.

A night takes a fraction of a second this way: modules and tables are loaded once.
"""

import ctypes
import os
import random
import select
import signal
import sys
import time
import traceback
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from marsad.indexer.build.document import load_hit
from marsad.indexer.cli.main import marsad as program
from marsad.indexer.engine.request import SearchRequest
from marsad.indexer.parts import parts
from marsad.indexer.registry import open_engine
from marsad.indexer.sync.lines import FileState
from marsad.indexer.sync.state import FolderState, state_files
from tests.faults.nights_folder import Disk

_CAPABILITY_VERSION = 0x20080522
# CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: files can be used whatever their rights are.
_PASS_RIGHTS = 1 << 1 | 1 << 2


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, negative if it was killed; its output; seconds."""

    code: int
    output: str
    seconds: float


def warm(place: Path) -> None:
    """Load modules, tables and kernels, by commands in this process."""
    index = place / "warm-index"
    disk = Disk(place / "warm", random.Random(0))
    for number in range(60):
        if number < 30:
            disk.new()
        else:
            disk.change()
        if number % 15 == 14:
            for args in (("index", disk.root), ("sync", disk.root), ("check",)):
                more = ["--workers", "1"] if args[0] != "check" else []
                given = [*map(str, args), *more, "--index", str(index)]
                done = CliRunner().invoke(program, given)
                assert isinstance(done.exception, SystemExit | None), done.exception
    contents(index)


def drop_rights() -> None:
    """Have the rights of files bind this process, also if it is run by root.

    Root keeps all else: the cache of kernels is still its own.
    """
    if os.getuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    head = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    # Effective, permitted and inheritable, of the first 32 capabilities and of the rest.
    rights = (ctypes.c_uint32 * 6)()
    if libc.capget(head, rights) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    for at in range(3):
        rights[at] &= ~_PASS_RIGHTS
    if libc.capset(head, rights) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def run(*args: object, output: Path, kill_after: float | None = None) -> Ended:
    """Run a command in a child process; with *kill_after* (seconds), kill it then."""
    began = time.monotonic()
    pid = os.fork()
    if not pid:
        _child([str(part) for part in args], output)
    if kill_after is not None:
        ended = os.pidfd_open(pid)
        select.select([ended], [], [], kill_after)
        os.close(ended)
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    said = output.read_text(encoding="utf-8", errors="replace") if output.exists() else ""
    return Ended(os.waitstatus_to_exitcode(status), said, time.monotonic() - began)


def _child(args: list[str], output: Path) -> None:
    code = 70
    try:
        said = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(said, 1)
        os.dup2(said, 2)
        program.main(args, prog_name="marsad")
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BaseException as error:  # noqa: BLE001  (the parent reports it)
        os.write(2, "".join(traceback.format_exception(error)).encode())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def contents(index: Path) -> dict[str, tuple[str, str]]:
    """Return title and text of each article of an index, by id."""
    if not any(index.glob("manifest.*.json")):
        return {}
    with closing(open_engine(str(index), parts().analyzer)) as engine:
        ids = [hit.id for hit in engine.walk(SearchRequest(sort="oldest", stored=False))]
        found = {}
        for each in ids:
            hit = engine.get(each)
            assert hit is not None
            article = load_hit(hit).article
            found[each] = (article.title, " ".join(article.text.split()))
        assert len(found) == len(ids), "an id is there twice"
        return found


def states(index: Path) -> dict[str, dict[str, FileState]]:
    """Return what the states of an index say of each file."""
    return {
        path.name: dict(FolderState(path, str(index), None).files.states())
        for path in state_files(index)
    }
