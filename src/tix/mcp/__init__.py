"""The desk for MCP clients: tools over stdio. It decides nothing."""
