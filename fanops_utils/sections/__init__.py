"""Sections: what the reports say and show, a package a topic, a function a question. All their sentences stand here."""
