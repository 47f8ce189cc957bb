"""Every chart in two languages, and the gallery."""
