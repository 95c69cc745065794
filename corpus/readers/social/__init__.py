"""Social: exports of messengers; each message is an article."""
