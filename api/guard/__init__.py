"""Who may do what, and how much: keys, origins, rates, sizes."""
