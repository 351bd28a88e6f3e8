"""What Wagtail's pages may do with rows of a model, whoever asks."""

from wagtail.permission_policies import ModelPermissionPolicy


class Allowing(ModelPermissionPolicy):
    """A model's usual rights, narrowed to what Wagtail's pages may do with its rows at all, superusers' included."""

    def __init__(self, model, actions):
        super().__init__(model)
        self.actions = actions

    def user_has_permission(self, user, action):
        return action in self.actions and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return super().user_has_any_permission(user, self.actions.intersection(actions))
