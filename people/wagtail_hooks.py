"""Closes Wagtail's own pages for accounts and groups.

A superuser could deactivate an account, take a person into a group or change a name there, without the second person
and the entry in the record log that such changes take here (`people.services`, `oversight`).
"""

from django.contrib.auth.models import Group
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import register_permission_policy

from people.models import User


class Nobody(BasePermissionPolicy):
    """Nobody may do anything with these rows in Wagtail: its pages refuse and its menus leave them out."""

    def users_with_any_permission(self, actions):
        return User.objects.none()


register_permission_policy(User, Nobody(User))
register_permission_policy(Group, Nobody(Group))
