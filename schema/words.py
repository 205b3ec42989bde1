"""What types of every context are described with."""

VERSION = "Counts the changes; give it back as `expectedVersion`."
