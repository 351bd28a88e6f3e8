"""Item banks and items as authors and reviewers see them in Wagtail: lists, the editor, previews, the review."""
