"""What `make bench` measures: whole bookings, reads, and the floors beside them, in one run."""
