"""The resources a desk is set up with: clients, departments, topics, SLA plans and so on."""
