"""What the person's own settings can be, for completion: keys, values, aliases, profiles, time zones."""

from __future__ import annotations

from collections.abc import Iterator

from tix.cli import user_config
from tix.cli.completion.values import CompletionRequest
from tix.desk.completion.suggestion import Suggestion

# What the settings with few values can be.
_WORDS = {
    "color": ("auto", "always", "never"),
    "hyperlinks": ("auto", "always", "never"),
    "confirm": ("auto", "always", "never"),
    "accessible": ("true", "false"),
}


def keys() -> Iterator[Suggestion]:
    """The settings there are; of colours one for each meaning."""
    from tix.render.terminal.theme import PALETTE

    for key, about in user_config.KEYS.items():
        if not key.endswith(".NAME"):
            yield Suggestion(key, about)
    yield from (Suggestion(f"colors.{meaning}", "Color of your own") for meaning in PALETTE)


def values(key: str, asked: CompletionRequest) -> Iterator[Suggestion]:
    """What a personal setting can be."""
    if key == "theme":
        from tix.render.terminal.themes import THEMES

        yield from (Suggestion(name, "") for name in THEMES)
    elif key == "timezone":
        yield from zones(asked)
    elif key.startswith("colors."):
        from tix.render.terminal.console import attributes

        yield from (Suggestion(name, "") for name in attributes())
    else:
        yield from (Suggestion(word, "") for word in _WORDS.get(key, ()))


def zones(_: CompletionRequest) -> Iterator[Suggestion]:
    """The names of time zones."""
    from zoneinfo import available_timezones

    yield from (Suggestion(name, "") for name in sorted(available_timezones() - {"localtime", "Factory"}))


def aliases(_: CompletionRequest) -> Iterator[Suggestion]:
    """The person's aliases."""
    from tix.cli.personal import aliases

    yield from (Suggestion(name, aliases.meant(text)) for name, text in aliases.of_person().items())


def profiles(_: CompletionRequest) -> Iterator[Suggestion]:
    """The profiles of the settings."""
    from tix.cli.personal import settings

    given = settings.of_person(None).values
    names = {key.split(".")[1] for key in given if key.startswith("profiles.")}
    yield from (Suggestion(name, str(given.get(f"profiles.{name}.store", ""))) for name in sorted(names))
