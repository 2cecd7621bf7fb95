"""Course blocks and their maths -> styled lines at a width. No Textual."""
