"""What tests and measurements are made with."""
