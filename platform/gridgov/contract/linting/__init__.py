"""What is wrong with a county's declarations: every fault at once, before anybody works with them.

A case must never be stuck (a dead end), unowned (an open state whose holder can do nothing), or
without a clock; and nothing may be named that nobody declared.
"""
