"""Pages: builds each page as frozen values, which its template only prints."""
