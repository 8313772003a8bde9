"""Above the counties: aggregates and onboarding state of a region, and no content."""
