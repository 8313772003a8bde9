"""What access can do: decide, open a context, bind and unbind, admit people, let them back in."""
