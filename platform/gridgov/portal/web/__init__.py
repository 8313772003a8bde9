"""The pages of residents: reporting, following, and the codes that lead to them."""
