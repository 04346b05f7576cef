"""The project's own measurements. `make bench` runs them; docs/performance.md has the figures."""
