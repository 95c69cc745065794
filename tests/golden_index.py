"""Golden index: a small index of the program as it was, for the tests of `marsad rebuild`.

    python -m tests.golden_index FOLDER

makes one in FOLDER with the program of today, from tests/golden/index/news1, the folder as a
first night found it, and news2, as a second one did: a line of it cannot be read, an article
changed, one is gone. Eleven articles stay, two of which are copies of one story.
"""

import shutil
import subprocess
import sys
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent / "golden" / "index"
FIRST, SECOND = GOLDEN / "news1", GOLDEN / "news2"


def main(place: Path) -> None:
    """Make the index and the files beside it in *place*, without a path of this machine."""
    marsad = Path(sys.executable).parent / "marsad"
    place.mkdir(parents=True)
    for night in (FIRST, SECOND):
        news = place / "news"
        shutil.rmtree(news, ignore_errors=True)
        shutil.copytree(night, news)
        command = [str(marsad), "sync", "news", "--index", "index", "--batch", "4"]
        # Exit code 1: a line was refused.
        if subprocess.run([*command, "--workers", "1"], cwd=place, check=False).returncode != 1:
            sys.exit("the sync did not end as it should")
    shutil.rmtree(place / "news")
    # It says which machine and process wrote.
    (place / "index" / "write.lock").unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
