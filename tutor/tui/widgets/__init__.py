"""What screens are made of: a widget a file. `workbench` holds the one in which code is written and run."""
