"""The console's pages on how the bot behaves: greetings, hours, menu, cards, and all that it says by itself."""
