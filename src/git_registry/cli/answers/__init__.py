"""What reading verbs answer, whoever parsed the arguments. Nothing here imports click."""
