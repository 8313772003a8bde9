"""What the tests of a county stand on: servers, databases, small counties, people at work in them.

``pytest_plugins = ["gridgov.testkit.fixtures"]`` in a ``conftest.py`` brings the fixtures, and
``"gridgov.testkit.chromium"`` the browser; the makers are functions, for tests and other tools.
"""
