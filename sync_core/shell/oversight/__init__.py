"""What a person sees of a running sync core, and sets: figures, plans, comparisons, switches, a pipeline's stages."""
