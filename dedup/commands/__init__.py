"""Commands: each reads its inputs, calls the library, writes, and tells what it did by its exit code."""
