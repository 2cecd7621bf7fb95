"""Code run and judged without a window, and what is printed of it."""
