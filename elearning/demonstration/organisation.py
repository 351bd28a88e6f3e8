"""The demonstration administration: offices, posts and the accounts with a published password."""

from datetime import date, datetime

from people.demonstration import make_account
from people.models import Administration, Office, Officer, Post, Posting, Role, User

TIME_ZONE = "America/Bogota"

REGIONS = {
    "North": ["Puerto Alba", "Isla Larga Airport", "Paso del Faro"],
    "East": ["Río Hondo Bridge", "Llano Seco"],
    "Centre": ["Ciudad Mayor Airport", "Inland Depot Central"],
    "West": ["Bahía Honda", "Puerto Nuevo Terminal"],
    "South": ["Alto del Viento", "Tres Ríos"],
}

# Title, risk, and whether its work is customs work.
POSTS = [
    ("Cargo examiner", Post.Risk.HIGH, True),
    ("Passenger control officer", Post.Risk.HIGH, True),
    ("Valuation officer", Post.Risk.HIGH, True),
    ("Declaration clerk", Post.Risk.ORDINARY, True),
    ("Post-clearance auditor", Post.Risk.ORDINARY, True),
    ("Tax assessor", Post.Risk.ORDINARY, False),
    ("Collections officer", Post.Risk.ORDINARY, False),
    ("Human resources officer", Post.Risk.ORDINARY, False),
]

# Staff number, name, role, language. The learner is one of the run's 1,210.
ACCOUNTS = [
    ("1001", "Elena Marín Castaño", None),
    ("2001", "Tomás Arango Vega", Role.TUTOR),
    ("2101", "Beatriz Solano Mejía", Role.ASSESSOR),
    ("3001", "Marta Lozano Pardo", Role.TRAINING_MANAGER),
    ("4001", "César Fajardo Ríos", Role.CERTIFYING_OFFICER),
    ("4002", "Gloria Nieto Salazar", Role.CERTIFYING_OFFICER),
    ("5001", "Lucía Becerra Soto", Role.AUTHOR),
    ("5101", "Andrés Quintero Gil", Role.SUBJECT_REVIEWER),
    ("5201", "Pilar Ocampo Duarte", Role.LEGAL_REVIEWER),
    ("6001", "Hugo Perdomo Ávila", Role.AUDITOR),
]


def make_administration() -> Administration:
    """The administration with its tree of offices, and in each office one post of every title."""
    administration = Administration.objects.create(
        code="demo",
        name="Demonstration Customs",
        time_zone=TIME_ZONE,
        language="en",
        reporting_channel="Internal affairs, in person or in writing, also without your name",
    )

    def office(name, kind, parent=None):
        return Office.objects.create(
            administration=administration, name=name, kind=kind, parent=parent, time_zone=TIME_ZONE
        )

    headquarters = office("Headquarters", Office.Kind.HEADQUARTERS)
    offices = [headquarters]
    for region, border_posts in REGIONS.items():
        regional = office(f"Regional office {region}", Office.Kind.REGIONAL, headquarters)
        offices.append(regional)
        offices += [office(name, Office.Kind.BORDER_POST, regional) for name in border_posts]
    Post.objects.bulk_create(
        Post(
            office=place,
            title=title,
            risk=risk,
            sensitive_since=date(2018, 1, 1) if risk == Post.Risk.HIGH else None,
        )
        for place in offices
        for title, risk, _customs in POSTS
    )
    return administration


def make_accounts(administration: Administration, now: datetime) -> dict[str, User]:
    """The accounts that `make run` prints, by staff number."""
    accounts = {}
    for staff_number, name, role in ACCOUNTS:
        address = role.value.replace("_", ".") if role else "learner"
        if staff_number == "4002":
            address += ".2"
        user = make_account(
            administration=administration,
            staff_number=staff_number,
            full_name=name,
            now=now,
            roles=[role] if role else [],
            email=f"{address}@demo.example",
            language="en",
            time_zone=TIME_ZONE,
        )
        accounts[staff_number] = user
    learner = Officer.objects.create(
        administration=administration,
        user=accounts["1001"],
        rank="Officer",
        category=Officer.Category.CIVIL_SERVANT,
        gender=Officer.Gender.FEMALE,
        education=Officer.Education.UNIVERSITY,
        hire_date=date(2019, 3, 1),
        customs_related=True,
    )
    post = Post.objects.get(office__name="Puerto Alba", title="Declaration clerk")
    Posting.objects.create(officer=learner, post=post, since=date(2019, 3, 1))
    return accounts
