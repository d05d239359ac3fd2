"""Who works at the shops: accounts and what they may, invitations, sessions, and what everybody has done."""
