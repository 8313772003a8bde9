"""The catalogue of services, what is done for residents, visits that are booked, codes at doors."""
