"""The folder of the nights: files that change at random, and what an index of them must hold.

    Disk (files as they are) -> [Model.completed] -> required and allowed articles

The model knows articles by title and text only. It is a dictionary for each file.
"""

import csv
import io
import json
import os
import random
import shutil
import zipfile
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NamedTuple

Form = Literal["txt", "jsonl", "csv", "zip"]
Fate = Literal["whole", "cut", "denied", "loop"]
Content = tuple[str, str]
Key = tuple[str, str]

WORDS = [
    "قوات",
    "سلام",
    "هدنة",
    "باكو",
    "يريفان",
    "الخرطوم",
    "اتفاق",
    "وزير",
    "حدود",
    "مساعدات",
    "قمة",
    "بيان",
]
START = 1_600_000_000
FUTURE = 4_000_000_000


class Made(NamedTuple):
    """An article: the id of its record (empty for none), its source, title and text."""

    id: str
    source: str
    title: str
    text: str

    @property
    def content(self) -> Content:
        return self.title, self.text

    @property
    def key(self) -> Key:
        """What stays when the text changes; without an id, nothing does."""
        return (self.id, self.title) if self.id else self.content


@dataclass(frozen=True)
class File:
    """A file: its articles and what is wrong with it; `is_moved` if it had another path before."""

    form: Form
    articles: tuple[Made, ...]
    fate: Fate = "whole"
    is_moved: bool = False

    @property
    def readable(self) -> tuple[Made, ...]:
        """The articles that can be read of a file that may be cut."""
        if self.fate == "whole":
            return self.articles
        return self.articles[:-1] if self.form == "jsonl" and self.fate == "cut" else ()

    def raw(self) -> bytes:
        """Return the bytes of the file."""
        made = _RAW[self.form](self.articles)
        if self.fate != "cut":
            return made
        return made[:-20] if self.form == "jsonl" else made[: len(made) // 2]


def _txt(articles: tuple[Made, ...]) -> bytes:
    return f"{articles[0].title}\n\n{articles[0].text}\n".encode()


def _jsonl(articles: tuple[Made, ...]) -> bytes:
    rows = []
    for each in articles:
        given: object = int(each.id) if each.id.isdigit() else each.id
        row = {"id": given, "title": each.title, "text": each.text, "source": each.source}
        rows.append(json.dumps({k: v for k, v in row.items() if v}, ensure_ascii=False) + "\n")
    return "".join(rows).encode()


def _csv(articles: tuple[Made, ...]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("id", "title", "text", "source"))
    writer.writerows((a.id, a.title, a.text, a.source) for a in articles)
    return text.getvalue().encode()


def _zip(articles: tuple[Made, ...]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as packed:
        half = len(articles) // 2
        for name, part in (("a.jsonl", articles[:half]), ("b.jsonl", articles[half:])):
            if part:
                packed.writestr(zipfile.ZipInfo(name), _jsonl(part))
    return raw.getvalue()


_RAW = {"txt": _txt, "jsonl": _jsonl, "csv": _csv, "zip": _zip}


class Disk:
    """A folder of files; every change is written at once. `locked` is a closed subfolder."""

    def __init__(self, root: Path, rng: random.Random) -> None:
        self.root, self.rng = root, rng
        # Whether articles of two files may have the same id.
        self.has_clashes = True
        self.files: dict[str, File] = {}
        self.locked = ""
        self.clock = 0
        self._count = 0
        # Of an article with an id, every text that it ever had.
        self.versions: dict[Key, set[Content]] = {}
        root.mkdir()

    def is_hidden(self, name: str) -> bool:
        """Tell whether a file cannot be read at all."""
        closed = bool(self.locked) and name.startswith(f"{self.locked}/")
        return closed or self.files[name].fate in ("denied", "loop")

    def made(self, form: Form) -> Made:
        """Return a new article."""
        self._count += 1
        n, rng = self._count, self.rng
        title = f"خبر {n} {rng.choice(WORDS)}"
        text = " ".join([f"رقم{n}", *rng.choices(WORDS, k=rng.randint(6, 12)), f"ختام{n}"])
        if form == "txt":
            return Made("", "", title, text)
        kind = rng.random()
        # Small numbers come again in other files.
        number = rng.randint(1, 6) if self.has_clashes else n
        given = str(number) if kind < 0.5 else f"a{n}"
        return Made(given, rng.choice(("", "وكالة", "صحيفة")) if kind < 0.7 else "", title, text)

    def put(self, name: str, file: File, *, when: float | None = None) -> None:
        """Write a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() or path.exists():
            path.unlink()
        for each in file.articles:
            self.versions.setdefault(each.key, set()).add(each.content)
        if file.fate == "loop":
            path.symlink_to(path.name)
        else:
            path.write_bytes(file.raw())
            self.clock += self.rng.choice((-4000, 100, 5000))
            stamp = START + self.clock if when is None else when
            os.utime(path, (stamp, stamp))
            path.chmod(0 if file.fate == "denied" else 0o644)
        self.files[name] = file

    def take(self, name: str) -> File:
        """Remove a file; return it."""
        (self.root / name).unlink()
        return self.files.pop(name)

    def new_name(self, form: Form) -> str:
        self._count += 1
        folder = self.rng.choice(("", "", "north/", "south/", "south/deep/"))
        folder = "" if folder == f"{self.locked}/" else folder
        return f"{folder}f{self._count}.{form}"

    def new(self) -> None:
        """Write a new file."""
        form: Form = self.rng.choice(("txt", "txt", "jsonl", "jsonl", "jsonl", "csv", "zip"))
        most = 1 if form == "txt" else 4
        articles: dict[str, Made] = {}
        for _ in range(self.rng.randint(min(2, most), most)):
            one = self.made(form)
            # A file has each id once.
            articles.setdefault(f"{one.source}:{one.id}" if one.id else one.title, one)
        self.put(self.new_name(form), File(form, tuple(articles.values())))

    def change(self) -> None:
        """Do one thing at random to the files that can be read, or mend one that cannot."""
        free = [n for n in self.files if not (self.locked and n.startswith(f"{self.locked}/"))]
        if len(free) < 6:
            self.new()
            return
        name = self.rng.choice(free)
        file = self.files[name]
        if file.fate != "whole":
            # It is written to its end, or its rights are given back; or it stays so.
            if self.rng.random() < 0.6:
                self.put(name, replace(file, fate="whole"))
            return
        _CHANGES[self.rng.choices(list(_CHANGES), _WEIGHTS)[0]](self, name, file)

    def _edit(self, name: str, file: File) -> None:
        articles = list(file.articles)
        at = self.rng.randrange(len(articles))
        self._count += 1
        articles[at] = articles[at]._replace(text=f"{articles[at].text} تعديل{self._count}")
        when = self.rng.choice((None, None, FUTURE, (self.root / name).stat().st_mtime))
        self.put(name, replace(file, articles=tuple(articles)), when=when)

    def _rewrite(self, name: str, file: File) -> None:
        articles = list(file.articles)
        at = self.rng.randrange(len(articles))
        one, old = self.made(file.form), articles[at]
        if self.has_clashes:
            one = one._replace(id=old.id, source=old.source)
        articles[at] = one
        self.put(name, replace(file, articles=tuple(articles)))

    def _fewer(self, name: str, file: File) -> None:
        if len(file.articles) > 1:
            at = self.rng.randrange(len(file.articles))
            kept = file.articles[:at] + file.articles[at + 1 :]
            self.put(name, replace(file, articles=kept))

    def _more(self, name: str, file: File) -> None:
        one = self.made(file.form)
        taken = {(each.source, each.id) for each in file.articles}
        if file.form != "txt" and (one.source, one.id) not in taken:
            articles = list(file.articles)
            articles.insert(self.rng.randint(0, len(articles)), one)
            self.put(name, replace(file, articles=tuple(articles)))

    def _move(self, name: str, file: File) -> None:
        other = self.new_name(file.form)
        (self.root / other).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).rename(self.root / other)
        del self.files[name]
        self.files[other] = replace(file, is_moved=True)

    def _copy(self, name: str, file: File) -> None:
        del name
        self.put(self.new_name(file.form), replace(file, is_moved=True))

    def _delete(self, name: str, file: File) -> None:
        del file
        self.take(name)

    def _folder_instead(self, name: str, file: File) -> None:
        self.take(name)
        self.put(f"{name}/inside.{file.form}", replace(file, is_moved=True))

    def _dangle(self, name: str, file: File) -> None:
        del file
        self.take(name)
        (self.root / name).symlink_to("nowhere")

    def _cut(self, name: str, file: File) -> None:
        if file.form == "zip" or (file.form == "jsonl" and len(file.articles) > 1):
            self.put(name, replace(file, fate="cut"))

    def _deny(self, name: str, file: File) -> None:
        self.put(name, replace(file, fate="denied"))

    def _loop(self, name: str, file: File) -> None:
        self.put(name, replace(file, fate="loop"))

    def lock(self, *, closed: bool) -> None:
        """Close a subfolder for a night, or open it again."""
        if self.locked:
            (self.root / self.locked).chmod(0o755)
        self.locked = "north" if closed and (self.root / "north").is_dir() else ""
        if self.locked:
            (self.root / self.locked).chmod(0)

    def move_root(self, to: Path) -> None:
        """Move the whole folder."""
        shutil.move(self.root, to)
        self.root = to


_CHANGES = {
    "edit": Disk._edit,
    "rewrite": Disk._rewrite,
    "fewer": Disk._fewer,
    "more": Disk._more,
    "move": Disk._move,
    "copy": Disk._copy,
    "delete": Disk._delete,
    "folder": Disk._folder_instead,
    "dangle": Disk._dangle,
    "cut": Disk._cut,
    "deny": Disk._deny,
    "loop": Disk._loop,
}
_WEIGHTS = (6, 3, 3, 3, 4, 3, 3, 1, 1, 4, 2, 2)


@dataclass
class Model:
    """What an index must hold.

    `held` are the articles that it holds because of each file, and `maybe` those that it may hold:
    of a file with records that cannot be read, what a killed run saw. `seen` is what killed runs
    saw of each file since its last whole run. `brought` are keys of articles that `index` brought;
    if the claims are lost while a file holds such an article, it is `unclaimed`: it may stay or go.
    """

    held: dict[str, dict[Key, Content]] = field(default_factory=dict)
    maybe: dict[str, set[Content]] = field(default_factory=dict)
    seen: dict[str, set[Content]] = field(default_factory=dict)
    brought: set[Key] = field(default_factory=set)
    unclaimed: set[Key] = field(default_factory=set)

    def claims_lost(self) -> None:
        """The index lost its claims: what a file holds counts as brought by the file only."""
        held = {key for each in self.held.values() for key in each}
        titles = {title for each in self.maybe.values() for title, _ in each}
        lost = {key for key in self.brought if key in held or {*key} & titles}
        self.brought -= lost
        self.unclaimed |= lost

    def killed(self, disk: Disk) -> None:
        """A run over *disk* was killed at some moment."""
        for name, file in disk.files.items():
            if not disk.is_hidden(name):
                self.seen.setdefault(name, set()).update(a.content for a in file.readable)

    def completed(self, disk: Disk, *, state_was_lost: bool) -> None:
        """A run over *disk* reached its end."""
        for each in (self.held, self.maybe, self.seen):
            for name in [name for name in each if name not in disk.files]:
                del each[name]
        # After a loss of the state, the index tells of one file for each article.
        holders = Counter(
            key
            for name, file in disk.files.items()
            for key in {*self.held.get(name, {}), *(each.key for each in file.readable)}
        )
        for name, file in disk.files.items():
            old = self.held.get(name, {})
            maybe = self.maybe.setdefault(name, set())
            if state_was_lost and file.fate != "whole":
                maybe |= {content for key, content in old.items() if holders[key] > 1}
                old = {key: content for key, content in old.items() if holders[key] == 1}
            if disk.is_hidden(name):
                # Its articles stay. Those of a file that moved may have the old path in the index.
                is_sure = not (state_was_lost and file.is_moved) and name not in self.seen
                maybe |= set() if is_sure else {*old.values(), *self.seen.pop(name, ())}
                self.held[name] = old if is_sure else {}
                continue
            new = {each.key: each.content for each in file.readable}
            if file.fate == "whole":
                maybe.clear()
            else:
                kept = {key: content for key, content in old.items() if key not in new}
                if name in self.seen or (state_was_lost and file.is_moved):
                    maybe |= {*kept.values(), *self.seen.get(name, ())}
                    kept = {}
                new |= kept
            self.held[name] = new
            self.seen.pop(name, None)

    def faults(self, disk: Disk, found: dict[str, Content]) -> list[str]:
        """Return how the articles of an index differ from what it must hold."""
        wanted: dict[Key, set[Content]] = {}
        may_be: set[Content] = set().union(*(disk.versions[key] for key in self.unclaimed))
        for name, held in self.held.items():
            for key, content in held.items():
                # Of an id, the index has the version that was read last; that of a file that
                # cannot be read is not put back when another file that has the id vanishes.
                is_sure = disk.files[name].fate == "whole" and not disk.is_hidden(name)
                versions = {content} if is_sure else disk.versions[key]
                wanted.setdefault(key, set()).update(versions)
        titles = {title for maybe in self.maybe.values() for title, _ in maybe}
        for key, versions in disk.versions.items():
            # Without an id, another text is another article.
            by_id = versions if key not in versions else set()
            may_be |= by_id if key[1] in titles else set()
            if key in wanted and key[1] in titles:
                wanted[key] |= by_id
        may_be.update(*self.maybe.values())
        for key in self.brought:
            wanted.setdefault(key, set()).update(disk.versions[key])
        there = list(found.values())
        ids: dict[Content, list[str]] = {}
        for each, content in found.items():
            ids.setdefault(content, []).append(each)
        allowed = may_be.union(*wanted.values())
        told = [f"silent loss: {key}" for key, each in wanted.items() if not each & {*there}]
        told += [f"not wanted: {each}" for each in there if each not in allowed]
        # Of an id that two articles have, the copies in two files may get two ids.
        count = Counter(given for given, _ in disk.versions)
        clash = set().union(*(each for key, each in disk.versions.items() if count[key[0]] > 1))
        told += [f"twice: {e} {ids[e]}" for e in {*there} - clash if len(ids[e]) > 1]
        return told
