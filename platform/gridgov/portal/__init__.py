"""What residents see without an account: report, follow, rate, ask again."""
