"""Speed, traffic and memory, measured in one run; nothing in here passes or fails a test."""
