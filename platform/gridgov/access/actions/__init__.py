"""What access can do: decide, open a context, bind and unbind, admit people and let them back in."""
