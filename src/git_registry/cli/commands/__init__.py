"""One module a verb, or a small family of them: parse, call one verb of the SDK, print."""
