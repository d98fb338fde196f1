"""Pages to look at: the same for a live server and for a static export, by the SDK's reading verbs alone."""
