"""Dates: the calendars of Arabic news, and the dates a text speaks of."""
