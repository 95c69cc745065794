"""Configuration: what `marsad.toml` sets, as defaults of the commands' options.

    marsad.toml -> [read_config] -> checked values -> [default_map] -> click

Click then takes each option from the command line, else from its environment variable, else from
here, else its own default. Keys and types are checked for the whole file by every command. Ranges
and the like are checked by the option itself when a command uses it.
"""

import math
import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from marsad.corpus.columns import FIELDS
from marsad.indexer.cli.options import CommandError
from marsad.indexer.errors import EngineUnknownError
from marsad.indexer.registry import index_folder

NAME = "marsad.toml"
_FILE = "marsad.config"  # key of the context's `meta` for the path of the file in use


class ConfigError(CommandError):
    """A configuration file is not as expected; `key` is empty if that is not about one key."""

    def __init__(self, path: Path, key: str, problem: str) -> None:
        super().__init__(f"{path}: {key}: {problem}" if key else f"{path}: {problem}")
        self.path, self.key = path, key


class _WrongValueError(Exception):
    """A value is of a wrong type; the message says what was expected."""


_Read = Callable[[Any, Path], Any]


def _text(value: Any, folder: Path) -> str:  # noqa: ANN401
    del folder
    if not isinstance(value, str):
        raise _WrongValueError("a string")
    return value


def _path(value: Any, folder: Path) -> str:  # noqa: ANN401
    """Return a path, which counts from the folder of the file."""
    if not isinstance(value, str) or not value:
        raise _WrongValueError("a path, as a string")
    try:
        return str(folder / Path(value).expanduser())
    except RuntimeError as error:
        raise _WrongValueError("a path below a home folder that is known") from error


def _paths(value: Any, folder: Path) -> list[str]:  # noqa: ANN401
    if not isinstance(value, list) or not value:
        raise _WrongValueError("a list of paths")
    return [_path(each, folder) for each in value]


def _address(value: Any, folder: Path) -> str:  # noqa: ANN401
    """Return the address of an index. If its engine keeps a local folder, *folder* is the base."""
    text = _path(value, Path())
    try:
        place = index_folder(text)
    except EngineUnknownError:
        # The command that opens the index says what is wrong, or has an engine without a folder.
        return text
    kind = text[: text.find(":") + 1]
    return f"{kind}{folder / place}"


def _whole(value: Any, folder: Path) -> int:  # noqa: ANN401
    del folder
    if not isinstance(value, int) or isinstance(value, bool):
        raise _WrongValueError("a whole number")
    return value


def _number(value: Any, folder: Path) -> float:  # noqa: ANN401
    del folder
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise _WrongValueError("a number")
    return value


def _switch(value: Any, folder: Path) -> bool:  # noqa: ANN401
    del folder
    if not isinstance(value, bool):
        raise _WrongValueError("true or false")
    return value


def _texts(value: Any, folder: Path) -> list[str]:  # noqa: ANN401
    del folder
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _WrongValueError("a list of strings")
    return value


def _columns(value: Any, folder: Path) -> dict[str, str]:  # noqa: ANN401
    del folder
    fields = set(value) if isinstance(value, dict) else {""}
    if fields - set(FIELDS) or not all(isinstance(name, str) and name for name in value.values()):
        raise _WrongValueError(
            'a table such as { title = "headline" }, its keys out of ' + ", ".join(FIELDS)
        )
    return dict(value)


@dataclass(frozen=True, slots=True)
class _Key:
    """A key of the file: the parameter of commands that it sets, and how its value is read."""

    parameter: str
    read: _Read


# For every command that has such an option.
_TOP = {
    "index": _Key("index_dir", _address),
    "entities": _Key("entities_file", _path),
    "cache": _Key("cache", _path),
}
_TABLES = {
    "sources": {
        "paths": _Key("sources", _paths),
        "map": _Key("mapping", _columns),
        "namespace": _Key("namespace", _text),
        "follow_links": _Key("follow_links", _switch),
        "fail_on": _Key("fail_on", _texts),
        "quarantine": _Key("quarantine", _path),
        "batch": _Key("batch", _whole),
        "workers": _Key("workers", _whole),
    },
    "sync": {
        "folder": _Key("folder", _path),
        "interval": _Key("interval", _number),
        "checksum": _Key("checksum", _switch),
        "report": _Key("report_path", _path),
    },
    "serve": {
        "host": _Key("host", _text),
        "port": _Key("port", _whole),
        "threads": _Key("threads", _whole),
        "workers": _Key("workers", _whole),
        "password_file": _Key("password_file", _path),
        "user_header": _Key("user_header", _text),
        "proxies": _Key("proxies", _whole),
        "rate": _Key("rate", _text),
        "time_limit": _Key("time_limit_s", _number),
        "font": _Key("font", _path),
    },
}
# Commands that read sources, and so take the table of them.
_READERS = ("extract", "index", "rebuild", "retry", "sync")
_OF_ENTITIES = ("discover", "relink", "show")


def read_config(path: Path, *, named: bool = True) -> dict[str, dict[str, Any]]:
    """Return the checked values of a file: table to parameter to value, `""` for the top.

    *named* says that the user gave the path. A file that was only found may be somebody else's,
    so it must not name the folder that compiled code is run from.

    Raises:
        ConfigError: it cannot be read, or a key or value is not what was expected.
    """
    try:
        with path.open("rb") as file:
            content = tomllib.load(file)
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise ConfigError(path, "", problem) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path, "", f"found no TOML in UTF-8 ({error})") from error
    if "cache" in content and not named:
        problem = (
            "found in a file that was not named; expected MARSAD_CACHE, or a file that --config or "
            "MARSAD_CONFIG names, because code from that folder is run"
        )
        raise ConfigError(path, "cache", problem)
    values = {"": _read_table(path, "", content, _TOP, tuple(_TABLES))}
    for table, keys in _TABLES.items():
        found_table = content.get(table, {})
        if not isinstance(found_table, dict):
            raise ConfigError(path, table, f"found {found_table!r}, expected a table [{table}]")
        values[table] = _read_table(path, f"[{table}] ", found_table, keys)
    return values


def _read_table(
    path: Path,
    prefix: str,
    content: Mapping[str, Any],
    keys: Mapping[str, _Key],
    tables: Sequence[str] = (),
) -> dict[str, Any]:
    read = {}
    for name, value in content.items():
        if name in tables:
            continue
        if name not in keys:
            expected = ", ".join([*keys, *(f"[{table}]" for table in tables)])
            problem = f"found an unknown key, expected one of {expected}"
            raise ConfigError(path, f"{prefix}{name}", problem)
        try:
            read[keys[name].parameter] = keys[name].read(value, path.parent)
        except _WrongValueError as error:
            problem = f"found {value!r}, expected {error}"
            raise ConfigError(path, f"{prefix}{name}", problem) from error
    return read


def default_map(values: Mapping[str, Mapping[str, Any]], commands: Sequence[str]) -> dict[str, Any]:
    """Return click's map of defaults for the group and each of its *commands*."""
    top = values[""]
    made: dict[str, Any] = {"cache": top["cache"]} if "cache" in top else {}
    for command in commands:
        shared = values["sources"] if command in _READERS else {}
        made[command] = {**top, **shared, **values.get(command, {})}
    made["entities"] = {name: dict(top) for name in _OF_ENTITIES}
    return made


def _use_config(context: click.Context, parameter: click.Parameter, given: Path | None) -> None:
    del parameter
    if context.resilient_parsing or not isinstance(context.command, click.Group):
        return
    # A service may start in a folder that it has no right to search: then there is no file, and no
    # error.
    path = given or (Path(NAME) if os.path.isfile(NAME) else None)  # noqa: PTH113
    if path is not None:
        values = read_config(path, named=given is not None)
        context.default_map = default_map(values, context.command.list_commands(context))
        context.meta[_FILE] = path


# The first option of the group: its callback sets defaults for the options that follow.
config_option = click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="MARSAD_CONFIG",
    show_envvar=True,
    expose_value=False,
    callback=_use_config,
    help=f"File of settings [{NAME} in the current folder, if there].",
)


def config_error(error: click.BadParameter) -> ConfigError | None:
    """Return the error for a value that came from the file and that an option refused."""
    context, parameter = error.ctx, error.param
    if context is None or parameter is None or parameter.name is None:
        return None
    if context.get_parameter_source(parameter.name) is not ParameterSource.DEFAULT_MAP:
        return None
    path = context.meta.get(_FILE)
    if path is None:
        return None
    key = _key_of(context.info_name or "", parameter.name)
    value = context.lookup_default(parameter.name)
    return ConfigError(path, key, f"found {value!r}, expected another value: {error.message}")


def _key_of(command: str, parameter: str) -> str:
    """Return the key of the file that sets a parameter of a command."""
    tables = [(f"[{name}] ", _TABLES[name]) for name in (command, "sources") if name in _TABLES]
    for prefix, keys in [("", _TOP), *tables]:
        for name, key in keys.items():
            if key.parameter == parameter:
                return f"{prefix}{name}"
    return parameter
