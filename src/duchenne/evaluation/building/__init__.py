"""Builds one table of features of many labelled pictures and clips."""
