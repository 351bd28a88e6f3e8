"""The demonstration administration's week and holidays."""

from datetime import date, datetime, timedelta

from dateutil.easter import easter

from people import calendars
from people.models import Administration

# Kept every year, from the year of the demonstration's run on: month, day, names.
YEARLY = [
    (
        (1, 1),
        {
            "en": "New Year's Day",
            "fr": "Jour de l'an",
            "es": "Año Nuevo",
            "ar": "رأس السنة الميلادية",
            "pt": "Ano Novo",
            "ru": "Новый год",
        },
    ),
    (
        (5, 1),
        {
            "en": "Labour Day",
            "fr": "Fête du Travail",
            "es": "Día del Trabajo",
            "ar": "عيد العمال",
            "pt": "Dia do Trabalhador",
            "ru": "Праздник труда",
        },
    ),
    (
        (7, 20),
        {
            "en": "Independence Day",
            "fr": "Fête de l'indépendance",
            "es": "Día de la Independencia",
            "ar": "عيد الاستقلال",
            "pt": "Dia da Independência",
            "ru": "День независимости",
        },
    ),
    (
        (12, 25),
        {
            "en": "Christmas Day",
            "fr": "Noël",
            "es": "Navidad",
            "ar": "عيد الميلاد",
            "pt": "Natal",
            "ru": "Рождество",
        },
    ),
]
GOOD_FRIDAY = {
    "en": "Good Friday",
    "fr": "Vendredi saint",
    "es": "Viernes Santo",
    "ar": "الجمعة العظيمة",
    "pt": "Sexta-feira Santa",
    "ru": "Страстная пятница",
}
FIRST_YEAR = 2020


def fill(administration: Administration, now: datetime) -> None:
    """Holidays on fixed dates, and one that moves from last year to the year after next; Monday to Friday as usual."""
    for (month, day), names in YEARLY:
        calendars.add_holiday(
            administration, day=date(FIRST_YEAR, month, day), yearly=True, names=names, actor=None, now=now
        )
    for year in range(now.year - 1, now.year + 3):
        good_friday = easter(year) - timedelta(days=2)
        calendars.add_holiday(administration, day=good_friday, yearly=False, names=GOOD_FRIDAY, actor=None, now=now)
