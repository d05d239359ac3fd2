"""Shopping: finding, deciding, buying, and what comes after."""
