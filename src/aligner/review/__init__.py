"""What people decide about alignments: decisions, only ever added to, and the editor that makes them."""
