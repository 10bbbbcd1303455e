"""What a browser loads: the page, /docs and the widget."""
