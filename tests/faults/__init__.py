"""Faults: killed processes, full disks, lost power, hostile requests, readers beside a writer."""
