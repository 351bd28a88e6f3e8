from django.urls import path

from cohorts import date_views, private_views, views

urlpatterns = [
    # The page that is read most first: an address is compared with one pattern after the other.
    path("learn/<uuid:enrolment>/<uuid:node>/", views.node, name="learn"),
    path("learn/<uuid:enrolment>/<uuid:node>/done/", views.complete, name="learn_done"),
    path("learn/<uuid:enrolment>/<uuid:node>/start/", views.start, name="learn_start"),
    path("learn/<uuid:enrolment>/<uuid:node>/write/", private_views.write, name="learn_write"),
    path("learn/<uuid:enrolment>/<uuid:node>/bookmark/", private_views.bookmark, name="learn_bookmark"),
    path("learn/", views.my_learning, name="my_learning"),
    path("learn/dates/", date_views.my_dates, name="my_dates"),
    path("learn/dates/address/", date_views.open_feed, name="open_feed"),
    path("learn/dates/address/close/", date_views.close_feed, name="close_feed"),
    path("learn/mine/", private_views.mine, name="my_writing"),
    path("learn/mine/download/", private_views.download, name="my_writing_file"),
    path("learn/mine/forget/", private_views.forget, name="my_writing_forget"),
    path("learn/mine/card/", private_views.card, name="pocket_card"),
]
