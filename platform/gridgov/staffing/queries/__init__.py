"""Which units lack whom, and who has what?"""
