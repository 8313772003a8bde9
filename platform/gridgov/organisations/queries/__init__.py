"""Which teams, activities and meetings?"""
