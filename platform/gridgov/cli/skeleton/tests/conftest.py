"""The platform's kit: servers, databases, small counties, people at work in them."""

pytest_plugins = ["gridgov.testkit.fixtures"]
