"""The use cases of live rounds."""
