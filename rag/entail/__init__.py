"""Whether sentences of the material carry a statement."""
