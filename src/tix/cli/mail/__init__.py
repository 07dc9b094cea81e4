"""Parts of `tix mail`."""
