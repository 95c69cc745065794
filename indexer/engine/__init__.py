"""The seam: what an engine is, and what is asked of it and answered by it.

Door: address, deadline, request, seam.
"""
