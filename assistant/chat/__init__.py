"""A shop's chat: its protocol, who talks, what is kept, how it is answered, and people who take over."""
