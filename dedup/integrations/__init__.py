"""One step in a pipeline that you have already: each module is thin, over the public names, and needs one optional package.

Nothing is imported here. `import dedup.integrations.NAME` imports that one module, and raises MissingExtraError, with the pip
command, where its package is not installed. No module of this folder needs another.
"""
