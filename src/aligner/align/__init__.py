"""From segments and their evidence to beads: the lattice, its best path and its posteriors."""
