"""Mail: readers of messages and mailboxes."""
