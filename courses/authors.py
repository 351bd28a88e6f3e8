"""What authors may do in Wagtail: the rights of their group, in one place."""

from collections.abc import Iterable

from django.contrib.auth.models import Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from courses import review
from people.services import authors

ON_PAGES = ("add_page", "change_page", "publish_page")
IN_COLLECTIONS = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")
ON_MODELS = ("submit_translation", "view_itembank", "view_quiz", "change_quiz")
ON_KINDS = ("view_programmekind", "add_programmekind", "change_programmekind")


def give_authors_their_pages(homes: Iterable[Page]) -> None:
    """Let the authors' group write and publish below these pages, illustrate, translate, plan quizzes, and hand in
    for review.

    Called for every home page there is; giving a right again changes nothing, and none is taken away.
    """
    homes = list(homes)
    review.attach(homes)
    group = authors()
    for permission in Permission.objects.filter(codename__in=ON_PAGES, content_type__app_label="wagtailcore"):
        for home in homes:
            GroupPagePermission.objects.get_or_create(group=group, page_id=home.pk, permission=permission)
    everything = Collection.get_first_root_node()
    for permission in Permission.objects.filter(
        codename__in=IN_COLLECTIONS, content_type__app_label__in=("wagtailimages", "wagtaildocs")
    ):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=everything, permission=permission)
    group.permissions.add(
        *Permission.objects.filter(
            codename__in=ON_MODELS, content_type__app_label__in=("wagtail_localize", "quizzes")
        ),
        *Permission.objects.filter(codename__in=ON_KINDS, content_type__app_label="courses"),
    )
