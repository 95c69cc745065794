"""The engine that keeps an index in a folder, as column segments.

Door: adopt, columns, commits, engine, faults, files, generation, kernels.bits, kernels.positions,
kernels.postings, known_files, lock, manifest, old_index, segment.
"""
