"""The library of scenarios: one file each, read by `scenarios.scenario.all_scenarios`."""
