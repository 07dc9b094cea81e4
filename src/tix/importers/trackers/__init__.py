"""The formats of other trackers, one module each; ``registry`` names them."""
