from django.urls import path

from core import views

urlpatterns = [
    path("demo/mail/", views.demonstration_mail, name="demonstration_mail"),
]
