"""How far the Action Units can be trusted, and what their weights are fitted to."""
