"""How access is shown, and the door through which every request comes."""
