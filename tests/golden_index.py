"""Golden index: a small index of the program as it was, for the tests of `marsad rebuild`.

    python -m tests.golden_index FOLDER

makes one in FOLDER with the program of today, from tests/golden/index/news1, the folder as a
first night found it, and news2, as a second one did: a line of it cannot be read, an article
changed, one is gone. Eleven articles stay, two of which are copies of one story.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from marsad.indexer.segments.commits import body_checksum

GOLDEN = Path(__file__).resolve().parent / "golden" / "index"
FIRST, SECOND = GOLDEN / "news1", GOLDEN / "news2"


OLDEST = GOLDEN / "schema7-form12-rules3"
AGED = "light-0-of-a-test"


def aged(index: Path, **said: object) -> Path:
    """Have an index say that another analyzer made it, or what is *said*; return it."""
    for path in index.glob("manifest.*.json"):
        body = json.loads(path.read_bytes())
        del body["sha256"]
        body |= said or {"analyzer": AGED}
        path.write_text(json.dumps({**body, "sha256": body_checksum(body)}), encoding="utf-8")
    return index


def golden_copy(place: Path) -> Path:
    """Copy the golden index and its quarantine to *place*; return the index."""
    shutil.copytree(OLDEST, place, dirs_exist_ok=True)
    return place / "index"


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
