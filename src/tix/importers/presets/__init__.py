"""What is known of the tables of other trackers, one module each; ``registry`` names them."""
