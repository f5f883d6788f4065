"""One suite for every adapter: what each must do, said once, run on a harness per platform."""
