"""E-mails and phones of customers, made comparable: one way of writing, or the reason for none."""
