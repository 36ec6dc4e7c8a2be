"""What people see, in a real browser. Without one on the machine these tests say that they were left out."""
