"""Teams, activities, meetings, and consultations on the page of a case."""
