"""Mutation testing: which small change of the law would no test notice?  See docs/mutation.md."""
