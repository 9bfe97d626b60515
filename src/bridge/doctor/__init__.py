"""What is wrong with a set-up, missing from it or too much in it: facts in, diagnoses out. Pure."""
