"""What is published and said: engagement, growth, share of voice, tone, who spoke."""
