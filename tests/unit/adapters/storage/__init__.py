"""What a database must do beyond the port: open, migrate, back up, keep the page's transcript."""
