"""The shell of every page: layout, navigation, guard, forms, errors, static files, locale."""
