"""The World, the command line and the pytest plugin: the only package that imports both the fakes and the sync core."""
