"""What only a browser sees of the pages: rules of accessibility, keyboard, small screens, colours."""
