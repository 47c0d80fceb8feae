"""Benchmarks, one file each; `make bench-<name>` runs one."""
