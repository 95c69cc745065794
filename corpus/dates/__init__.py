"""Dates: the calendars of Arabic news, and the dates that a text mentions."""
