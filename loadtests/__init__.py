"""Load tests of the ten-minute promise. They speak HTTP alone and import nothing else of this project."""
