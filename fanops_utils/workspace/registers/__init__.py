"""The registers of a brand as models: what each key means, which values it takes."""
