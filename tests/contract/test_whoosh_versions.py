"""The stock Whoosh tests with other packages of that name, each in a separate process.

`make test` installs them in the `whoosh/` folder of the environment.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

FOLDER = Path(sys.prefix) / "whoosh"

CHECKED = """
import sys, pytest, whoosh
assert whoosh.__file__.startswith(sys.argv[1]), whoosh
sys.exit(pytest.main(sys.argv[2:]))
"""


@pytest.mark.parametrize("version", ["Whoosh-2.7.4", "Whoosh-Reloaded-2.7.5"])
def test_stock_searchers_of_other_versions_give_the_same_answers(version: str) -> None:
    folder = FOLDER / version
    assert (folder / "whoosh").is_dir(), f"{folder} is missing: `make test` installs it"
    command = [
        *(sys.executable, "-c"),
        CHECKED,
        *(str(folder), "-q", "-p", "no:cacheprovider", "-W", "default", "-k", "stock"),
        *("tests/contract/test_stock_whoosh.py", "tests/contract/test_engine_contract.py"),
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}

    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
