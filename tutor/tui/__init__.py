"""The window: app, actions, screens, widgets. Never imports numpy, keras or torch."""
