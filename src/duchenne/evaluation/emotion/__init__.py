"""How right, how sure and how fast emotion networks are."""
