"""What an import needs of privacy: pseudonyms, who was erased, what every column is for, small cells."""

from fanops_utils.data.privacy.pseudonyms import KEY_BYTES, Pseudonyms, key_folder

__all__ = ["KEY_BYTES", "Pseudonyms", "key_folder"]
