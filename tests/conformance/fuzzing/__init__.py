"""Generated requests: this package runs in the environment of the generators, and imports nothing of Allround."""
