"""The pages of working places, their hall, roster, numbers and counter."""
