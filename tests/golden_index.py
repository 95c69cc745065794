"""Golden indexes: small indexes that an earlier program made, for the tests of old formats.

    python -m tests.golden_index FOLDER            # from news1 and news2 of tests/golden/index
    python -m tests.golden_index FOLDER --bundled  # from three articles of corpus/data

Each makes an index in FOLDER with the program of today, as two nightly syncs do. news1 is the
folder as the first night found it, and news2 as the second one did: one line cannot be read, one
article changed, one is gone. Eleven articles stay, and two of them are copies of one story. Of the
bundled articles two stay, with an edited copy of the first, and one is gone.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from marsad.indexer.segments.commits import body_checksum

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden" / "index"
FIRST, SECOND = GOLDEN / "news1", GOLDEN / "news2"
# Short articles of corpus/data: the first is copied, the last goes in the second night.
BUNDLED = ("sahel-2013-01-mali-serval.txt", "yemen-2018-12-en.txt", "syria-2024-12-ru.txt")


OLDEST = GOLDEN / "schema7-form12-rules3"
AGED = "light-0-of-a-test"


def newest_manifest(index: Path) -> Path:
    """Return the manifest of the newest generation."""
    return max(index.glob("manifest.*.json"))


def aged(index: Path, **said: object) -> Path:
    """Have an index say that another analyzer made it, or what is *said*; return it.

    A value of None takes the key out.
    """
    for path in index.glob("manifest.*.json"):
        body = json.loads(path.read_bytes())
        del body["sha256"]
        body |= said or {"analyzer": AGED}
        for key in [key for key in said if said[key] is None]:
            del body[key]
        path.write_text(json.dumps({**body, "sha256": body_checksum(body)}), encoding="utf-8")
    return index


def golden_copy(place: Path, folder: Path = OLDEST) -> Path:
    """Copy a golden index and the files beside it to *place*; return the index."""
    shutil.copytree(folder, place, dirs_exist_ok=True)
    return place / "index"


def main(place: Path, *, bundled: bool) -> None:
    """Make the index and the files beside it in *place*, without a path of this machine."""
    news = place / "news"
    news.mkdir(parents=True)
    if bundled:
        for name in BUNDLED:
            shutil.copy2(ROOT / "corpus" / "data" / name, news)
        _write_copy(news)
        _sync(place, refused=False)
        (news / BUNDLED[-1]).unlink()
        _sync(place, refused=False)
    else:
        for night in (FIRST, SECOND):
            shutil.rmtree(news, ignore_errors=True)
            shutil.copytree(night, news)
            _sync(place, refused=True)
    shutil.rmtree(news)
    # It says which machine and process wrote.
    (place / "index" / "write.lock").unlink()


def _write_copy(news: Path) -> None:
    """Write the first bundled article once more, with the capital named in one place more."""
    text = (news / BUNDLED[0]).read_text(encoding="utf-8")
    (news / f"copy-of-{BUNDLED[0]}").write_text(
        text.replace("لطلب من باماكو", "لطلب من حكومة باماكو"), encoding="utf-8"
    )


def _sync(place: Path, *, refused: bool) -> None:
    marsad = Path(sys.executable).parent / "marsad"
    command = [str(marsad), "sync", "news", "--index", "index", "--batch", "4", "--workers", "1"]
    done = subprocess.run([*command, "--allow-vanished"], cwd=place, check=False)
    # Exit code 1: a record was refused.
    if done.returncode != refused:
        sys.exit("the sync did not end as it should")


if __name__ == "__main__":
    main(Path(sys.argv[1]), bundled=sys.argv[2:] == ["--bundled"])
