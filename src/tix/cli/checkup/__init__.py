"""What ``tix doctor`` looks at around a person."""
