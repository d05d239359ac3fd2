"""What a shop learns from its chats: numbers, and the conversations behind each of them, from the facts kept there."""
