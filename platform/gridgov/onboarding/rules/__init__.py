"""What a package must look like, said of every file at once; pure, so its test is a table."""
