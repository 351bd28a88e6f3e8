from django.urls import path

from courses import views

urlpatterns = [path("catalogue/", views.catalogue, name="catalogue")]
