"""May these events happen? Pure: rules, events and evidence in, a verdict out (DESIGN §5)."""
