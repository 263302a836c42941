"""Evidence: canonical bytes, a Merkle tree, signed checkpoints, tiles, proofs, timestamps, a verifier.

Knows no law, no database and no person. Formats: RFC 8785, RFC 9162, RFC 3161 and C2SP's signed-note,
tlog-checkpoint, tlog-cosignature, tlog-tiles and tlog-proof.
"""
