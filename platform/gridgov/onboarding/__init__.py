"""How a county gets on the air: its package is checked, compared, carried out."""
