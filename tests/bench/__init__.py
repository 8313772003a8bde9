"""What is measured: the product against its own floor, and what it measures with."""
