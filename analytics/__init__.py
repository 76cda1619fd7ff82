"""What SQL can't do: Python over the warehouse, between the dbt layers."""
