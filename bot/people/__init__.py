"""Who practises: what they chose to be called, where they live, how they are doing."""
