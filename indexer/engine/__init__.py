"""The seam: what an engine is, what it is asked, and what it answers.

Door: commits, deadline, request, seam.
"""
