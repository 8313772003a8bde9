"""Which hand-overs and sheets, and what hangs on a post?"""
