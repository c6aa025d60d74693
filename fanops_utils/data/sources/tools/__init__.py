"""Tools that export for several platforms: listening, publishing, pipelines; tones that a scorer or a person gave."""
