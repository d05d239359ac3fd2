"""The pages on a shop's answers: the list, the editor, files in and out. They change drafts; publishing is apart."""
