"""The Jira Query Language: from text to a tree, from the tree to SQL over the search index."""
