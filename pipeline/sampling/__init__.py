"""Samples as a statistician would defend them: how large, which units, and what they say about the frame."""
