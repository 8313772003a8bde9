"""Who can log in: accounts, sessions, second factors, throttling."""
