"""What passes a filter and mentions some words."""
