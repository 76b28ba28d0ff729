"""Small changes of the rules that safety rests on, each of which a test must notice."""
