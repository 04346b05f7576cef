"""Bringing conversations in from other systems, and taking them out again.

A reader (`wxr`) turns a file into the plain values of `entries`; `importing` brings these into the
blog and knows nothing of any file.
"""
