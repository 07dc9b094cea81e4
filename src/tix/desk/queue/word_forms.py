"""The other forms of a query's words, in the languages of the desk."""

from __future__ import annotations

from tix.store.search import forms
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.search import Query


def inflected(desk: Desk, query: Query) -> Query:
    """Return a query with the other forms of its words, in the languages of the setting ``search.languages``."""
    # The one setting that a search needs: reading all of them takes longer than the search.
    given = desk.store.value("setting_get", key="search.languages")
    languages = (given or "en").split(",")
    return forms.widened(desk.store, query, languages, staff=desk.scope.staff)
