"""What the learner has done: attempts (append-only), drafts, place, and the standing derived from them. Pure."""
