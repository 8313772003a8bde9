"""Who each unit must have and lacks, what its people answer for, and what they are handed."""
