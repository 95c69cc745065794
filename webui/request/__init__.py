"""What a request asks, and the links that ask it again."""
