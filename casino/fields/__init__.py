"""What a rule may read: a typed catalogue of fields, and fields that are worked out from others."""
