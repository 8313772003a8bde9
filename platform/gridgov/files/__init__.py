"""Photos and documents: checked, made anew, kept apart by tenant, shown to whom the owner says."""
