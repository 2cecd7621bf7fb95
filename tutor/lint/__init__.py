"""Findings in a course: static rules, and the proof by running. Stands above course, maths and engine."""
