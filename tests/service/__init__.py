"""Stories of the service: deliveries, work, feeds, and what it says of itself."""
