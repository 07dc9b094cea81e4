"""The catalogues of gettext that tix has, and which of them a name of a locale means.

``de.po`` is what translators edit, and ``de.mo`` is made of it by ``make words``. Loaded only by who does not read English.
"""

from __future__ import annotations

from pathlib import Path

from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gettext

FOLDER = Path(__file__).parent
# Each language that there is a catalogue of, by its own name.
LANGUAGES = {"en": "English", "de": "Deutsch", "vi": "Tiếng Việt"}

_loaded: dict[str, gettext.NullTranslations] = {}


def load(language: str) -> gettext.NullTranslations:
    """Return the catalogue of a language of ``LANGUAGES``; that of English has nothing in it."""
    if language not in _loaded:
        import gettext

        if language == "en":
            return gettext.NullTranslations()
        with (FOLDER / f"{language}.mo").open("rb") as file:
            _loaded[language] = gettext.GNUTranslations(file)
    return _loaded[language]
