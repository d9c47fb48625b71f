"""The one door for effects: validate, authorise, claim the key, record, perform, record."""
