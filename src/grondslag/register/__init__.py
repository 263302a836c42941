"""The register: what people chose, bought, were told and objected to, recorded once and provable."""
