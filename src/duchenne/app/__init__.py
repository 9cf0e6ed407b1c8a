"""Expressions while they happen: the live window, the web server, and the engine of both."""
