"""The sources of the help: what `make cli` makes its pages of. No command loads them."""
