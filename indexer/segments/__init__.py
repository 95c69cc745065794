"""The engine of Marsad: an index is a folder of segments, and a segment is a file of arrays.

Door: adopt, columns, commits, engine, faults, files, generation, kernels.bits, kernels.positions,
kernels.postings, known_files, lock, manifest, old_index, segment, sound.
"""
