"""Messages to a chat or by mail, off by default, and the budget of mails."""
