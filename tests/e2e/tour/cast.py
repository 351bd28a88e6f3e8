"""Who walks the tour: the demonstration's accounts by their numbers, and what they write."""

VISITOR, TUTOR, MANAGER, OFFICER, AUTHOR, AUDITOR = "", "2001", "3001", "4001", "5001", "6001"
SECOND_OFFICER, REVIEWER = "4002", "5101"

PLAN = ("Somebody asks for tea money", "I say: no, thank you")
REASON, SOURCE = "Issued on another's papers.", "Customs Act 2026, article 14"
