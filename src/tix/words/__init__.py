"""The words of tix in the languages of its readers: sentences that can be translated, and catalogues of gettext."""
