"""What a shop learns from its conversations: questions that were not answered well, grouped, taught or put away."""
