"""The web server of ``duchenne serve``: the page, its API, and processes that do the work."""
