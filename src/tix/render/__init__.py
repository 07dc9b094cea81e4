"""What people see. Knows the domain's values, no store, no clock."""
