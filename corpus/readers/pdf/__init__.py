"""PDF: text that is drawn as glyphs on pages is read back in the order of reading."""
