"""Sets of labelled clips: who displays which emotion in which file, genuine or posed."""
