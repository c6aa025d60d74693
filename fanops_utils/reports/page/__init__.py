"""An executed notebook as one page that can be trusted: what is untrusted made safe, then laid out."""
