"""SLA plans and business hours. Pure; knows no ticket."""
