"""What a notebook shows of our nouns: tables in HTML, figures in one style; open to every room."""
