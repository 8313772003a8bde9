"""The ground under every room: database, outbox, ids, crypto, errors. No word of the field."""
