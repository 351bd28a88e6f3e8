"""A course travels: to one archive and from one, and in from a Word or Markdown file.

| room | holds |
|---|---|
| `archive` | the container: member names, hashes, limits; knows nothing of courses |
| `reading` | strict JSON and the shape checks of what a stranger sends |
| `markup` | rich text: references by name instead of number, and the allow-list |
| `blocks`, `fields` | a page's fields and stream as JSON, and back |
| `media` | images and documents by content |
| `exporting`, `importing` | the two services |
| `plans` | what an import would do, compared with what is here |

docs/guides/course-exchange.md describes the format for those who read it with other tools.
"""
