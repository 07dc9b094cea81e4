"""Tables (CSV, TSV) of any program: how their text, columns, words and dates are read."""
