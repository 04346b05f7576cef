"""The moderation desk: a page of the admin site on which waiting comments are read and decided."""
