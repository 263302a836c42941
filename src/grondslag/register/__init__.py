"""The register: where the events of an organisation live, with their evidence."""
