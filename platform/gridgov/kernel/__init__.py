"""The ground under every room: database, row security, outbox, ids, crypto, errors. It knows no word of the field."""
