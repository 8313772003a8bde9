"""How cases are shown: lists, the record, the form of each action, reporting, the dispatch desk."""
