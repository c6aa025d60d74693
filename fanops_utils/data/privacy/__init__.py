"""Privacy: pseudonyms, what every column is for, one person's data out or gone, the audit, how long rows are kept.

Only pseudonyms are offered here: what reads the warehouse (`subjects`, `erasing`, `scan`, `retention`) is imported by name,
since the import of the warehouse itself needs pseudonyms.
"""

from fanops_utils.data.privacy.pseudonyms import KEY_BYTES, Pseudonyms, key_folder

__all__ = ["KEY_BYTES", "Pseudonyms", "key_folder"]
