"""What the server holds of the index that it serves, and its settings."""
