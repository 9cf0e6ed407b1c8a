"""How well models tell genuine displays from posed ones, beside people."""
