"""Measures of quality: how well and how fast Marsad works, beside other tools."""
