"""What follows by itself, in the shape of W&B's automations: `event >> action`."""
