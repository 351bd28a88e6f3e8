"""Banks of questions in other systems' formats, read and written: the pure half of import and export."""
